import { describe, expect, test } from 'vitest';
import { printSettings, readSettings, SETTING_ENTRIES, type SettingsInput } from '../../src/app/settings.js';
import type { SettingsInvalid } from '../../src/app/settings/settings-fault.js';
import { Fault } from '../../src/kernel/fault.js';
import { sha256 } from '../../src/kernel/hash.js';
import { loadText } from '../../src/load/load-text.js';

interface Given extends Partial<Omit<SettingsInput, 'readFile'>> {
  /** Of the settings file, by its absolute path; a text alone is ./triggerd.yaml. */
  readonly files?: Readonly<Record<string, string>> | string;
}

function read({ files = {}, ...given }: Given = {}) {
  const texts = typeof files === 'string' ? { '/home/triggerd.yaml': files } : files;
  return readSettings({
    flags: {},
    environment: {},
    cwd: '/home',
    ...given,
    readFile: (path) => texts[path] ?? null,
  });
}

function fault(given: Given): SettingsInvalid {
  try {
    read(given);
  } catch (error) {
    if (error instanceof Fault && error.code === 'settings') return error as SettingsInvalid;
    throw error;
  }
  throw new Error('the settings were taken');
}

const HASH = sha256('a token');

describe('where a value comes from', () => {
  test('everything has a default', () => {
    expect(read().settings).toEqual({
      folder: 'rules',
      host: '127.0.0.1',
      port: 7878,
      data: '/home/.triggerd',
      store: 'sqlite',
      tokens: [],
      allowedOrigins: [],
      maxBodyBytes: 8_388_608,
      maxEventsPerRequest: 10_000,
      rateLimit: null,
      graceMs: 30_000,
      keepGoing: false,
      restartGraceMs: 60_000,
      maxHops: 8,
      queueLimit: 100_000,
      launchLimit: 250_000,
      retention: { ageMs: 2_592_000_000, maxBytes: null },
      allowCommands: false,
      moduleFolders: [],
      privateNetworks: [],
      smtpUrl: null,
      maxRunning: 64,
      stormPerMinute: 600,
      breaker: { failures: 5, openMs: 30_000 },
      sources: { stdin: false, follow: [], nats: null },
      tracingEndpoint: null,
      logLevel: 'info',
      reload: true,
      reloadSettleMs: 200,
    });
  });

  const file = 'port: 1\ngrace: 1s\nmax_hops: 1\n';
  const environment = { TRIGGERD_PORT: '2', TRIGGERD_GRACE: '2s' };
  test('a flag wins over the environment, that over the file, that over the default', () => {
    const { settings, origins } = read({ files: file, environment, flags: { port: '3' } });
    expect([settings.port, settings.graceMs, settings.maxHops, settings.queueLimit]).toEqual([
      3, 2_000, 1, 100_000,
    ]);
    const where = Object.fromEntries(
      origins.map((origin) => [origin.name, `${origin.from} ${origin.where}`]),
    );
    expect(where).toMatchObject({
      port: 'flag --port',
      grace: 'environment TRIGGERD_GRACE',
      max_hops: 'file triggerd.yaml:3',
      queue_limit: 'default default',
    });
  });

  test('an empty variable and an option that was not given are no values', () => {
    const { settings } = read({
      environment: { TRIGGERD_PORT: '' },
      flags: { port: undefined, 'sources-follow': [] },
    });
    expect([settings.port, settings.sources.follow]).toEqual([7878, []]);
  });

  test.each<[what: string, given: Given]>([
    ['a flag', { flags: { config: 'etc/t.yaml' } }],
    ['the environment', { environment: { TRIGGERD_CONFIG: '/home/etc/t.yaml' } }],
  ])('%s names the file, and paths in it are relative to it', (_what, given) => {
    const files = {
      '/home/etc/t.yaml':
        'folder: rules\ndata: ../data\nmodule_folders: [m, /abs]\nsources: { follow: [e.jsonl] }',
    };
    const { settings } = read({ ...given, files });
    expect(settings.folder).toMatch(/etc\/rules$/);
    expect(settings.data).toBe('/home/data');
    expect(settings.moduleFolders).toEqual(['/home/etc/m', '/abs']);
    expect(settings.sources.follow).toEqual(['/home/etc/e.jsonl']);
  });

  test('a file that is named must be there', () => {
    expect(fault({ flags: { config: 'no.yaml' } }).message).toBe('there is no settings file no.yaml');
  });

  test('what Kubernetes puts beside a Service of that name is not meant for us', () => {
    expect(read({ environment: { TRIGGERD_PORT: 'tcp://10.0.0.1:7878' } }).settings.port).toBe(7878);
  });
});

describe('where spans are sent', () => {
  const set = 'http://set.example/v1/traces';
  const file = `tracing: { endpoint: ${set} }`;
  const general = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://otel.example:4318' };
  test.each<[what: string, given: Given, endpoint: string | null, where: string]>([
    ['nowhere', {}, null, 'default'],
    ['as set', { files: file }, set, 'triggerd.yaml:1'],
    [
      "by OpenTelemetry's variable",
      { environment: general },
      'http://otel.example:4318/v1/traces',
      'OTEL_EXPORTER_OTLP_ENDPOINT',
    ],
    [
      'below a path of the variable',
      { environment: { OTEL_EXPORTER_OTLP_ENDPOINT: 'https://otel.example/in/?a=1' } },
      'https://otel.example/in/v1/traces?a=1',
      'OTEL_EXPORTER_OTLP_ENDPOINT',
    ],
    [
      'by the variable for spans, as it is, before that for all',
      { environment: { ...general, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://spans.example/in' } },
      'http://spans.example/in',
      'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
    ],
    ['as set, whatever the variable says', { files: file, environment: general }, set, 'triggerd.yaml:1'],
    [
      'by the variable over none in the file',
      { files: 'tracing: { endpoint: none }', environment: general },
      'http://otel.example:4318/v1/traces',
      'OTEL_EXPORTER_OTLP_ENDPOINT',
    ],
    [
      'nowhere, as our own variable says',
      { environment: { ...general, TRIGGERD_TRACING_ENDPOINT: 'none' } },
      null,
      'TRIGGERD_TRACING_ENDPOINT',
    ],
    [
      'nowhere, as the command line says',
      { flags: { 'tracing-endpoint': 'none' }, environment: general },
      null,
      '--tracing-endpoint',
    ],
    [
      'nowhere where OpenTelemetry is turned off',
      { files: file, environment: { ...general, OTEL_SDK_DISABLED: 'TRUE' } },
      null,
      'OTEL_SDK_DISABLED',
    ],
    [
      'nowhere where spans are turned off',
      { environment: { ...general, OTEL_TRACES_EXPORTER: 'none' } },
      null,
      'OTEL_TRACES_EXPORTER',
    ],
    [
      'nowhere where gRPC is spoken',
      { environment: { ...general, OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' } },
      null,
      'OTEL_EXPORTER_OTLP_ENDPOINT, which is for gRPC',
    ],
    [
      'nowhere where the variable is empty',
      { environment: { OTEL_EXPORTER_OTLP_ENDPOINT: '' } },
      null,
      'default',
    ],
  ])('%s', (_what, given, endpoint, where) => {
    const { settings, origins } = read(given);
    expect(settings.tracingEndpoint).toBe(endpoint);
    expect(origins.find(({ name }) => name === 'tracing.endpoint')).toMatchObject({ value: endpoint, where });
  });

  test('a variable that names no place is a fault, unless it is not asked', () => {
    const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: 'localhost:4318' };
    expect(fault({ environment }).message).toBe(
      'OTEL_EXPORTER_OTLP_ENDPOINT must be an http:// or https:// URL without user and password',
    );
    expect(read({ files: file, environment }).settings.tracingEndpoint).toBe(set);
  });

  test('what a collector knows us by is not taken where it would be shown', () => {
    expect(fault({ files: 'tracing: { endpoint: "http://me:pass@otel.example" }' }).diagnostics).toHaveLength(
      1,
    );
  });
});

describe('tokens', () => {
  const tokens = `tokens:\n  - { name: shop, scopes: [read, ingest], sha256: ${HASH.toUpperCase()} }\n`;
  test('those of the file, and the one of the environment, which is hashed at once', () => {
    const { settings, origins } = read({ files: tokens, environment: { TRIGGERD_TOKEN: 'open sesame' } });
    expect(settings.tokens).toEqual([
      { name: 'shop', scopes: ['ingest', 'read'], sha256: HASH },
      { name: 'TRIGGERD_TOKEN', scopes: ['ingest', 'read', 'admin'], sha256: sha256('open sesame') },
    ]);
    const printed = printSettings(origins);
    expect(printed).not.toMatch(/open sesame|[0-9a-f]{64}/i);
    expect(printed).toContain('triggerd.yaml:1 and TRIGGERD_TOKEN');
  });

  test.each([
    'tokens: { name: a }',
    `tokens: [{ name: a, scopes: [ingest], sha256: abc }]`,
    `tokens: [{ name: a, scopes: [all], sha256: ${HASH} }]`,
    `tokens: [{ name: a, scopes: [], sha256: ${HASH} }]`,
    `tokens: [{ name: a, scopes: [read], sha256: ${HASH}, token: x }]`,
    `tokens: [{ name: a, scopes: [read], sha256: ${HASH} }, { name: a, scopes: [read], sha256: ${HASH} }]`,
    'tokens: [secret in clear]',
  ])('%s is refused without repeating it', (files) => {
    const { diagnostics } = fault({ files });
    expect(diagnostics).toMatchObject([{ code: 'wrong-value', line: 1, sourceLine: null }]);
    expect(JSON.stringify(diagnostics)).not.toContain(HASH);
    expect(JSON.stringify(diagnostics)).not.toContain('secret in clear');
  });
});

describe('what is wrong is said with where it stands', () => {
  test.each<[files: string, line: number, column: number, message: string, hint: string]>([
    ['prot: 1', 1, 1, '"prot" is no setting', 'did you mean port?'],
    ['# \nretention:\n  ages: 1d', 3, 3, '"ages" is no setting of retention', 'did you mean age?'],
    ['retention: 30d', 1, 12, 'retention must be a map, not a text', 'it holds age, bytes and the like'],
    ['- port', 1, 1, 'a settings file must be a map, not a list', 'it holds folder'],
    ['port: "80"', 1, 7, 'port must be a whole number from 0 to 65535, not "80"', 'for example port: 8080'],
    ['port: 65536', 1, 7, 'port must be a whole number from 0 to 65535, not 65536', 'port: 8080'],
    ['grace: 30', 1, 8, 'grace must be a duration from 0s to 1h, not 30', 'grace: "2m"'],
    ['keep_going: yes', 1, 13, 'keep_going must be true or false, not "yes"', 'keep_going: true'],
    ['store: postgres', 1, 8, 'store must be one of sqlite, memory, not "postgres"', 'store: "memory"'],
    ['private_networks: [10.0.0.0/33]', 1, 19, 'networks like 10.0.0.0/8', '10.1.0.0/16'],
    ['allowed_origins: ["*"]', 1, 18, 'must be a list of origins like', 'https://ops.example.org'],
    ['sources: { stdin: 1 }', 1, 19, 'sources.stdin must be true or false, not 1', 'sources.stdin: true'],
    ['port: 1\nport: 2', 2, 1, 'stands twice', ''],
    ['port:', 1, 1, 'nothing after it', ''],
    ['port: 1\n---\nport: 2', 3, 1, 'a second one', 'remove'],
    ['port: [', 1, 1, '', ''],
  ])('%j', (files, line, column, message, hint) => {
    const { diagnostics, message: sum } = fault({ files });
    expect(diagnostics).toHaveLength(1);
    const [found] = diagnostics;
    expect(found?.file).toBe('triggerd.yaml');
    if (message !== '') expect([found?.line, found?.column]).toEqual([line, column]);
    expect(found?.message).toContain(message);
    expect(found?.hint ?? '').toContain(hint);
    expect(sum).toBe('the settings file triggerd.yaml has one error, so nothing was started');
  });

  test.each<[given: Given, message: string, hint: string]>([
    [{ flags: { port: 'http' } }, '--port must be a whole number from 0 to 65535, not "http"', '8080'],
    [{ flags: { por: '1' } }, '--por is no setting', 'did you mean --port?'],
    [{ environment: { TRIGGERD_PORTS: '1' } }, 'TRIGGERD_PORTS is no setting', 'did you mean TRIGGERD_PORT?'],
    [
      { environment: { TRIGGERD_RETENTION_AGE: 'long' } },
      'TRIGGERD_RETENTION_AGE must be a duration from 1m to 366d, not "long"',
      '90d',
    ],
    [{ environment: { TRIGGERD_ALLOW_COMMANDS: '1' } }, 'must be true or false, not "1"', 'true'],
  ])('%j', (given, message, hint) => {
    const { message: said, hint: help } = fault(given);
    expect(said).toContain(message);
    expect(help).toContain(hint);
  });

  test.each([
    'smtp://mail.example.org?secure=true',
    'smtp://mail.example.org?security=ssl',
    'smtp://robot@mail.example.org',
    'smtp://',
    'https://mail.example.org',
  ])('smtp_url: %s is refused when the daemon starts, not when the first mail is to go', (url) => {
    expect(fault({ files: `smtp_url: ${url}` }).diagnostics).toMatchObject([{ pointer: '/smtp_url' }]);
  });

  test('a secret is not repeated', () => {
    const { message } = fault({ environment: { TRIGGERD_SMTP_URL: 'http://me:hunter2@x' } });
    expect(message).not.toContain('hunter2');
    const { diagnostics } = fault({ files: 'smtp_url: me:hunter2' });
    expect(JSON.stringify(diagnostics)).not.toContain('hunter2');
  });

  test('everything at once, in the order of the sources', () => {
    const error = fault({
      files: 'x: 1\nport: -1',
      flags: { grace: 'x' },
      environment: { TRIGGERD_STORE: 'x' },
    });
    expect(error.message.split('\n')).toHaveLength(3);
    expect(error.diagnostics).toHaveLength(2);
  });

  test('variables of others with the prefix are let be', () => {
    expect(read({ environment: { TRIGGERD_LAUNCH_ID: 'x', TRIGGERD_URL: 'y' } }).settings.port).toBe(7878);
  });
});

describe('the printed settings', () => {
  test('every one with its origin, and secrets masked', () => {
    const { origins } = read({
      files:
        'smtp_url: smtps://robot:hunter2@mail.example.org\nretention: { bytes: 1GiB }\nmodule_folders: [a, b]',
      environment: { TRIGGERD_ALLOWED_ORIGINS: 'https://a.example, http://localhost:3000' },
    });
    const printed = printSettings(origins);
    expect(printed).toContain('port: 7878                              # default\n');
    expect(printed).toContain('retention:\n  age: 30d                              # default\n');
    expect(printed).toContain('  bytes: 1GiB                           # triggerd.yaml:2\n');
    expect(printed).toMatch(/module_folders: +# triggerd.yaml:3\n {2}- a\n {2}- b\n/);
    expect(printed).toMatch(/smtp_url: "smtps:\/\/robot:hidden@mail\.example\.org" +#? ?.*triggerd.yaml:1\n/);
    expect(printed).toMatch(/allowed_origins: +# TRIGGERD_ALLOWED_ORIGINS\n/);
  });

  test('are a settings file that says the same', () => {
    const files = `
port: 0
host: "::1"
grace: 1h
max_body: 1000000
rate_limit: { per_second: 100 }
retention: { age: 1w, bytes: 123456789 }
breaker: { failures: 2, open: 1m30s }
private_networks: [10.0.0.0/8, "fd00::/8"]
sources: { stdin: true, follow: [/var/log/a b.jsonl, "/x/true"] }
log_level: error
reload: false
`;
    const first = read({ files });
    const again = read({ files: printSettings(first.origins) });
    expect(again.settings).toEqual(first.settings);
    expect(first.settings.rateLimit).toEqual({ eventsPerSecond: 100, burst: 100 });
  });
});

describe('the table', () => {
  test.each(SETTING_ENTRIES.map(([, setting]) => [setting.name, setting] as const))(
    '%s has an example that is read, and a default that is written and read again',
    (name, setting) => {
      expect(setting.description).toMatch(/^[^A-Z].*[^.]$/);
      const reading = { pathBase: '' };
      if (name !== 'tokens') expect(setting.type.fromJson(setting.example, reading)).toBeDefined();
      const written = setting.type.write(setting.default);
      expect(setting.type.fromJson(written, reading)).toEqual(setting.default);
      const yaml = `${name.split('.').at(-1)}: ${JSON.stringify(setting.example)}`;
      expect(loadText('x.yaml', yaml).diagnostics).toEqual([]);
    },
  );
});
