import { resolve } from 'node:path';
import { Fault } from '../kernel/fault.js';
import type { NatsSettings } from '../ports/source.js';
import { natsProblems, natsSettings } from './settings/nats-settings.js';
import type { SettingOrigin } from './settings/origin.js';
import { type Environment, type Flags, readEnvironment, readFlags } from './settings/outside.js';
import { readSettingsText, type SettingsFile } from './settings/settings-file.js';
import { SettingsInvalid } from './settings/settings-fault.js';
import { SETTING_ENTRIES, SETTINGS, type SettingValues } from './settings/table.js';
import { withStandardVariables } from './settings/standard-tracing.js';
import { environmentToken, type TokenSetting } from './settings/tokens.js';

export { printSettings } from './settings/print-settings.js';
export { readTextFile } from './settings/read-text-file.js';
export { settingOptions } from './settings/setting-options.js';
export type { SettingOrigin } from './settings/origin.js';
export type { Environment, Flags } from './settings/outside.js';
export type { TokenSetting } from './settings/tokens.js';
export { SETTING_ENTRIES, SETTINGS };

/** How the daemon runs: read, checked, and with every default filled in. */
export interface Settings {
  /** The rule folder as it was named, for diagnostics; the other paths are absolute. */
  readonly folder: string;
  readonly host: string;
  /** 0 = any free one. */
  readonly port: number;
  readonly data: string;
  readonly store: 'sqlite' | 'memory';
  readonly tokens: readonly TokenSetting[];
  readonly allowedOrigins: readonly string[];
  readonly maxBodyBytes: number;
  readonly maxEventsPerRequest: number;
  readonly rateLimit: { readonly eventsPerSecond: number; readonly burst: number } | null;
  readonly graceMs: number;
  readonly keepGoing: boolean;
  readonly restartGraceMs: number;
  readonly maxHops: number;
  /** Events that may wait to be decided. */
  readonly queueLimit: number;
  /** Launches that may wait to be carried out. */
  readonly launchLimit: number;
  readonly retention: { readonly ageMs: number; readonly maxBytes: number | null };
  readonly allowCommands: boolean;
  readonly moduleFolders: readonly string[];
  readonly privateNetworks: readonly string[];
  readonly smtpUrl: string | null;
  readonly maxRunning: number;
  /** Launches a minute of one trigger. */
  readonly stormPerMinute: number;
  readonly breaker: { readonly failures: number; readonly openMs: number };
  readonly sources: {
    readonly stdin: boolean;
    readonly follow: readonly string[];
    readonly nats: NatsSettings | null;
  };
  /** Where spans are sent; null = none are made. */
  readonly tracingEndpoint: string | null;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
  readonly reload: boolean;
  readonly reloadSettleMs: number;
}

export interface SettingsInput {
  readonly flags: Flags;
  readonly environment: Environment;
  /** The text of a file by its absolute path; null when there is none. */
  readonly readFile: (path: string) => string | null;
  readonly cwd: string;
}

export interface ReadSettings {
  readonly settings: Settings;
  /** Of every setting, in the table's order. */
  readonly origins: readonly SettingOrigin[];
}

const DEFAULT_FILE = 'triggerd.yaml';

/**
 * The settings of the daemon: the command line over the environment over the settings file over the defaults. Throws a
 * Fault `settings` that names everything that is wrong with them, and where it stands.
 */
export function readSettings({ flags, environment, readFile, cwd }: SettingsInput): ReadSettings {
  const fileName = fileNameOf(flags, environment);
  const file = readSettingsFile(fileName, readFile, cwd);
  const fromFlags = readFlags(flags);
  const fromEnvironment = readEnvironment(environment);
  const problems = [...fromFlags.problems, ...fromEnvironment.problems];
  const shownFile = fileName ?? DEFAULT_FILE;
  if (problems.length + file.diagnostics.length > 0)
    throw new SettingsInvalid(shownFile, file.diagnostics, problems);

  const values: Record<string, unknown> = {};
  const origins: SettingOrigin[] = [];
  for (const [key, setting] of SETTING_ENTRIES) {
    const flag = fromFlags.values.get(key);
    const variable = fromEnvironment.values.get(key);
    const written = file.values.get(key);
    const [value, from, where] =
      flag !== undefined
        ? [flag.value, 'flag' as const, flag.where]
        : variable !== undefined
          ? [variable.value, 'environment' as const, variable.where]
          : written !== undefined
            ? [written.value, 'file' as const, `${shownFile}:${written.line}`]
            : [setting.default, 'default' as const, 'default'];
    values[key] = value;
    origins.push({ name: setting.name, value: setting.type.write(value), from, where });
  }
  const token = environment['TRIGGERD_TOKEN'] ?? '';
  const all = values as SettingValues;
  const together = natsProblems(all);
  if (together.length > 0) throw new SettingsInvalid(shownFile, [], together);
  if (token !== '') all.tokens = withToken(all.tokens, token, origins);
  all.tracing_endpoint = standardEndpoint(all.tracing_endpoint, environment, origins, shownFile);
  return { settings: toSettings(all, cwd), origins };
}

function fileNameOf(flags: Flags, environment: Environment): string | null {
  const flag = flags['config'];
  if (typeof flag === 'string') return flag;
  return environment['TRIGGERD_CONFIG'] || null;
}

function readSettingsFile(
  name: string | null,
  readFile: SettingsInput['readFile'],
  cwd: string,
): SettingsFile {
  const text = readFile(resolve(cwd, name ?? DEFAULT_FILE));
  if (text !== null) return readSettingsText(name ?? DEFAULT_FILE, text);
  if (name === null) return { values: new Map(), diagnostics: [] };
  throw new Fault('settings', `there is no settings file ${name}`, {
    hint: 'check the path given with --config or TRIGGERD_CONFIG',
  });
}

/** The token of the environment beside those of the file. */
function withToken(
  tokens: readonly TokenSetting[],
  token: string,
  origins: SettingOrigin[],
): readonly TokenSetting[] {
  const all = [...tokens, environmentToken(token)];
  const at = origins.findIndex(({ name }) => name === SETTINGS.tokens.name);
  const before = origins[at];
  if (before !== undefined) {
    const where = before.from === 'default' ? 'TRIGGERD_TOKEN' : `${before.where} and TRIGGERD_TOKEN`;
    origins[at] = { ...before, value: SETTINGS.tokens.type.write(all), from: 'environment', where };
  }
  return all;
}

/** The place for spans, with what OpenTelemetry's own variables say of it. */
function standardEndpoint(
  set: string | null,
  environment: Environment,
  origins: SettingOrigin[],
  shownFile: string,
): string | null {
  const at = origins.findIndex(({ name }) => name === SETTINGS.tracing_endpoint.name);
  const before = origins[at];
  if (before === undefined) return set;
  const { endpoint, origin, problem } = withStandardVariables(set, before, environment);
  if (problem !== null) throw new SettingsInvalid(shownFile, [], [problem]);
  origins[at] = origin;
  return endpoint;
}

function toSettings(values: SettingValues, cwd: string): Settings {
  const absolute = (path: string): string => resolve(cwd, path);
  const { rate_limit_per_second: eventsPerSecond, rate_limit_burst: burst } = values;
  return {
    folder: values.folder,
    host: values.host,
    port: values.port,
    data: absolute(values.data),
    store: values.store,
    tokens: values.tokens,
    allowedOrigins: values.allowed_origins,
    maxBodyBytes: values.max_body,
    maxEventsPerRequest: values.max_events_per_request,
    rateLimit: eventsPerSecond === null ? null : { eventsPerSecond, burst: burst ?? eventsPerSecond },
    graceMs: values.grace,
    keepGoing: values.keep_going,
    restartGraceMs: values.restart_grace,
    maxHops: values.max_hops,
    queueLimit: values.queue_limit,
    launchLimit: values.launch_limit,
    retention: { ageMs: values.retention_age, maxBytes: values.retention_bytes },
    allowCommands: values.allow_commands,
    moduleFolders: values.module_folders.map(absolute),
    privateNetworks: values.private_networks,
    smtpUrl: values.smtp_url,
    maxRunning: values.max_running,
    stormPerMinute: values.storm_per_minute,
    breaker: { failures: values.breaker_failures, openMs: values.breaker_open },
    sources: {
      stdin: values.sources_stdin,
      follow: values.sources_follow.map(absolute),
      nats: natsSettings(values, absolute),
    },
    tracingEndpoint: values.tracing_endpoint,
    logLevel: values.log_level,
    reload: values.reload,
    reloadSettleMs: values.reload_settle,
  };
}
