import { preview } from '../../kernel/json.js';
import { suggest } from '../../kernel/suggest.js';
import type { Setting } from './setting.js';
import type { OutsideProblem } from './settings-fault.js';
import { SETTING_ENTRIES, type SettingKey } from './table.js';

/** What was given on the command line, by option name; true for an option without a value. */
export type Flags = Readonly<Record<string, string | true | readonly string[] | undefined>>;
export type Environment = Readonly<Record<string, string | undefined>>;

export interface OutsideValue {
  readonly value: unknown;
  /** `--port`, `TRIGGERD_PORT`. */
  readonly where: string;
}

export interface Outside {
  readonly values: ReadonlyMap<SettingKey, OutsideValue>;
  readonly problems: readonly OutsideProblem[];
}

/** Flags that are no settings: `config` names the file they stand in. */
const OTHER_FLAGS: readonly string[] = ['config', 'print-config'];

/** Reads what the command line says. An option given as `[]` or undefined is not given. */
export function readFlags(flags: Flags): Outside {
  const values = new Map<SettingKey, OutsideValue>();
  const problems: OutsideProblem[] = [];
  for (const [key, setting] of SETTING_ENTRIES) {
    if (setting.flag === null) continue;
    const given = flags[setting.flag];
    if (given === undefined || (Array.isArray(given) && given.length === 0)) continue;
    const texts = given === true ? ['true'] : typeof given === 'string' ? [given] : given;
    read(setting, texts, setting.argument ? `the ${setting.name}` : `--${setting.flag}`, problems, (value) =>
      values.set(key, value),
    );
  }
  const known = SETTING_ENTRIES.flatMap(([, { flag }]) => (flag === null ? [] : [flag]));
  for (const flag of Object.keys(flags)) {
    if (known.includes(flag) || OTHER_FLAGS.includes(flag) || flags[flag] === undefined) continue;
    problems.push(unknown(`--${flag}`, flag, known, '--'));
  }
  return { values, problems };
}

const PREFIX = 'TRIGGERD_';
/** Read by others: the client commands, the tests, `triggerd --verbose`, commands that a launch runs. */
const OTHER_VARIABLES = ['CONFIG', 'TOKEN', 'URL', 'DEBUG', 'PROPERTY_RUNS'].map((name) => PREFIX + name);

/** Reads what the environment says. An empty variable is not set, as is usual in scripts and unit files. */
export function readEnvironment(environment: Environment): Outside {
  const values = new Map<SettingKey, OutsideValue>();
  const problems: OutsideProblem[] = [];
  const known = SETTING_ENTRIES.flatMap(([, setting]) =>
    setting.environment === null ? [] : [setting.environment],
  );
  for (const [key, setting] of SETTING_ENTRIES) {
    if (setting.environment === null) continue;
    const given = environment[setting.environment] ?? '';
    if (given === '' || isServiceLink(setting.environment, given)) continue;
    const texts = setting.type.repeatable ? given.split(',').map((part) => part.trim()) : [given];
    read(setting, texts, setting.environment, problems, (value) => values.set(key, value));
  }
  for (const name of Object.keys(environment)) {
    if (!name.startsWith(PREFIX) || known.includes(name) || OTHER_VARIABLES.includes(name)) continue;
    // Others may use the prefix too: only what looks like a slip is one.
    const near = suggest(
      name.slice(PREFIX.length),
      known.map((one) => one.slice(PREFIX.length)),
    );
    if (near !== undefined) problems.push(unknown(name, name, known, ''));
  }
  return { values, problems };
}

/** Kubernetes gives every container TRIGGERD_PORT=tcp://10.0.0.1:7878 beside a Service that is named triggerd. */
function isServiceLink(name: string, given: string): boolean {
  return name === 'TRIGGERD_PORT' && given.startsWith('tcp://');
}

function read(
  setting: Setting<unknown>,
  texts: readonly string[],
  where: string,
  problems: OutsideProblem[],
  found: (value: OutsideValue) => void,
): void {
  const several = texts.length > 1 && !setting.type.repeatable;
  const value = several ? undefined : setting.type.fromTexts(texts, { pathBase: '' });
  if (value !== undefined) {
    found({ value, where });
    return;
  }
  const but = setting.secret ? '' : `, not ${preview(texts.join(', '))}`;
  const { example } = setting;
  const written = Array.isArray(example) ? example.join(',') : String(example);
  problems.push({
    message: `${where} must be ${setting.type.words}${but}`,
    hint: setting.secret ? null : `for example ${written}`,
  });
}

function unknown(where: string, name: string, known: readonly string[], prefix: string): OutsideProblem {
  const near = suggest(name, known);
  return {
    message: `${where} is no setting`,
    hint: near === undefined ? 'triggerd run --help lists them' : `did you mean ${prefix}${near}?`,
  };
}
