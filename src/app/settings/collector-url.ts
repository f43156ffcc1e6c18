import type { Json } from '../../kernel/json.js';
import { single } from './value-types.js';

/** Where a collector takes spans. What it knows us by is not written there: it would be shown. */
export const collectorUrl = single<string>({
  words: 'an http:// or https:// URL without user and password',
  placeholder: 'URL',
  fromJson: readCollectorUrl,
  fromText: readCollectorUrl,
  write: (value) => value,
});

/** The URL in its usual spelling; undefined for what is none. */
export function readCollectorUrl(value: Json): string | undefined {
  if (typeof value !== 'string' || !URL.canParse(value)) return undefined;
  const { protocol, username, password, href } = new URL(value);
  const isHttp = protocol === 'http:' || protocol === 'https:';
  return isHttp && username === '' && password === '' ? href : undefined;
}
