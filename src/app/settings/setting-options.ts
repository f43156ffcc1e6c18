import { SETTING_ENTRIES } from './table.js';

/** A setting as an option of a command. */
export interface SettingOption {
  readonly name: string;
  readonly description: string;
  readonly value?: string;
  readonly repeatable?: boolean;
  readonly choices?: readonly string[];
  readonly completes?: 'files' | 'folders' | 'nothing';
}

/** Names the settings file, and is no setting itself. */
const CONFIG: SettingOption = {
  name: 'config',
  value: 'FILE',
  description: 'the settings file; TRIGGERD_CONFIG or ./triggerd.yaml (if it is there) when left out',
  completes: 'files',
};

/** The options of the command that runs the daemon: `config`, and the settings in the table's order. */
export function settingOptions(): readonly SettingOption[] {
  const settings = SETTING_ENTRIES.flatMap(
    ([, { flag, argument, type, description }]): readonly SettingOption[] => {
      if (flag === null || argument) return [];
      return [
        {
          name: flag,
          description,
          ...(type.placeholder === null ? {} : { value: type.placeholder, completes: type.completes }),
          ...(type.repeatable ? { repeatable: true } : {}),
          ...(type.choices === null ? {} : { choices: type.choices }),
        },
      ];
    },
  );
  return [CONFIG, ...settings];
}
