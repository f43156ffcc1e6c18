import type { Json } from '../../kernel/json.js';
import type { SettingType } from './setting.js';

/** Where a collector takes spans. What it knows us by is not written there: it would be shown. */
export const collectorUrl: SettingType<string> = {
  words: 'an http:// or https:// URL without user and password',
  placeholder: 'URL',
  choices: null,
  repeatable: false,
  completes: 'nothing',
  fromJson: readCollectorUrl,
  fromTexts: ([given = '']) => readCollectorUrl(given),
  write: (value) => value,
};

/** The URL in its usual spelling; undefined for what is none. */
export function readCollectorUrl(value: Json): string | undefined {
  if (typeof value !== 'string' || !URL.canParse(value)) return undefined;
  const { protocol, username, password, href } = new URL(value);
  const isHttp = protocol === 'http:' || protocol === 'https:';
  return isHttp && username === '' && password === '' ? href : undefined;
}
