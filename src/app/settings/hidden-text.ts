import type { Json } from '../../kernel/json.js';
import type { SettingType } from './setting.js';

/** A secret as a text: it is never written. */
export function hiddenText(words: string): SettingType<string> {
  const read = (value: Json): string | undefined =>
    typeof value === 'string' && value !== '' ? value : undefined;
  return {
    words,
    placeholder: 'SECRET',
    choices: null,
    repeatable: false,
    completes: 'nothing',
    fromJson: read,
    fromTexts: ([given = '']) => read(given),
    write: () => 'hidden',
  };
}
