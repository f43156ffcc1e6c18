import type { Json } from '../../kernel/json.js';

/** Where a value is read. */
export interface Reading {
  /** Put before a relative path: the folder of the settings file, `''` for the command line and the environment. */
  readonly pathBase: string;
}

/** How values of one sort are read and written. A reader returns undefined for what is no such value. */
export interface SettingType<T> {
  /** What it takes, to go behind `must be`: `a whole number from 0 to 65535`. */
  readonly words: string;
  /** What stands for the value on the command line; null when the option alone means true. */
  readonly placeholder: string | null;
  readonly choices: readonly string[] | null;
  /** On the command line it may be given several times; in the environment it is a list with commas. */
  readonly repeatable: boolean;
  /** What a shell completes. */
  readonly completes: 'files' | 'folders' | 'nothing';
  /** From the settings file. */
  fromJson(value: Json, reading: Reading): T | undefined;
  /** From the command line or the environment; a type that is not repeatable gets one text. */
  fromTexts(texts: readonly string[], reading: Reading): T | undefined;
  /** As it stands in a settings file, secrets masked. */
  write(value: T): Json;
}

/** One setting: everything that reading, help, `--print-config` and the reference page need. */
export interface Setting<T> {
  /** In the settings file; dots lead into maps. */
  readonly name: string;
  readonly type: SettingType<T>;
  readonly default: T;
  /** Environment variable; null = not taken from there. */
  readonly environment: string | null;
  /** Name of the option without its dashes; null = not on the command line. */
  readonly flag: string | null;
  /** True when it is an argument of the command instead of an option. */
  readonly argument: boolean;
  readonly description: string;
  /** As it would stand in the settings file. */
  readonly example: Json;
  /** Its value is never repeated in a message. */
  readonly secret: boolean;
}

/** A setting whose names follow from its name: `retention.age` is TRIGGERD_RETENTION_AGE and --retention-age. */
export function define<T>(
  name: string,
  type: SettingType<T>,
  about: {
    readonly default: NoInfer<T>;
    readonly description: string;
    readonly example: Json;
    readonly environment?: null;
    readonly flag?: null;
    readonly argument?: true;
    readonly secret?: true;
  },
): Setting<T> {
  return {
    name,
    type,
    default: about.default,
    environment: about.environment === null ? null : `TRIGGERD_${name.toUpperCase().replaceAll('.', '_')}`,
    flag: about.flag === null ? null : name.replaceAll(/[._]/g, '-'),
    argument: about.argument ?? false,
    description: about.description,
    example: about.example,
    secret: about.secret ?? false,
  };
}
