import type { SettingType } from './setting.js';
import { text } from './value-types.js';

/** A secret as a text: it is never written. */
export function hiddenText(words: string): SettingType<string> {
  return { ...text(words, 'SECRET', (given) => given !== ''), write: () => 'hidden' };
}
