import { networkProblem } from '../../kernel/cidr.js';
import { collectorUrl } from './collector-url.js';
import { hiddenText } from './hidden-text.js';
import { isNatsFilter, isNatsName, isNatsServer } from './nats-texts.js';
import { define, type Setting } from './setting.js';
import { smtpUrl } from './smtp-url.js';
import { tokenList } from './tokens.js';
import { bytes, choice, duration, flag, integer, orNone, path, paths, text, texts } from './value-types.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DAY = 1_440 * MINUTE;
const MIB = 2 ** 20;

const HOST = /^[A-Za-z0-9_.:%-]{1,253}$/;
const ORIGIN = /^https?:\/\/[A-Za-z0-9.-]+(?::\d{1,5})?$|^https?:\/\/\[[0-9A-Fa-f:.]+\](?::\d{1,5})?$/;

/** Every setting of the daemon there is. A new one is its entry here and its place in `Settings`. */
export const SETTINGS = {
  folder: define('folder', path('folders'), {
    default: 'rules',
    description: 'the rule folder',
    example: '/etc/triggerd/rules',
    argument: true,
  }),
  host: define(
    'host',
    text('an address or host name', 'HOST', (given) => HOST.test(given)),
    {
      default: '127.0.0.1',
      description: 'address to listen on; one that other machines reach needs tokens',
      example: '0.0.0.0',
    },
  ),
  port: define('port', integer(0, 65_535), {
    default: 7878,
    description: 'port to listen on; 0 takes any free one',
    example: 8080,
  }),
  data: define('data', path('folders'), {
    default: './.triggerd',
    description: 'where the journal, the state and the launches are kept',
    example: '/var/lib/triggerd',
  }),
  store: define('store', choice<'sqlite' | 'memory'>(['sqlite', 'memory']), {
    default: 'sqlite',
    description: 'how the data is kept; what is in memory is gone when the daemon ends',
    example: 'memory',
  }),
  tokens: define('tokens', tokenList, {
    default: [],
    description: 'who may call: bearer tokens by their SHA-256, each with a name and scopes',
    example: [{ name: 'shop', scopes: ['ingest'], sha256: 'the output of: printf %s "$TOKEN" | sha256sum' }],
    environment: null,
    flag: null,
    secret: true,
  }),
  allowed_origins: define(
    'allowed_origins',
    texts('origins like https://ops.example.org', 'ORIGIN', (given) => ORIGIN.test(given)),
    {
      default: [],
      description: "web pages that may call, besides the daemon's own",
      example: ['https://ops.example.org'],
    },
  ),
  max_body: define('max_body', bytes(1_024, 256 * MIB), {
    default: 8 * MIB,
    description: 'largest body of a request',
    example: '16MiB',
  }),
  max_events_per_request: define('max_events_per_request', integer(1, 1_000_000), {
    default: 10_000,
    description: 'most events in one request',
    example: 1_000,
  }),
  rate_limit_per_second: define('rate_limit.per_second', orNone(integer(1, 10_000_000)), {
    default: null,
    description: 'events a second that each token may send; none = as many as are taken in',
    example: 500,
  }),
  rate_limit_burst: define('rate_limit.burst', orNone(integer(1, 100_000_000)), {
    default: null,
    description: 'events that each token may send at once after a pause; none = those of one second',
    example: 2_000,
  }),
  grace: define('grace', duration(0, 60 * MINUTE), {
    default: 30 * SECOND,
    description: 'how long running launches may take to finish when the daemon is stopped',
    example: '2m',
  }),
  keep_going: define('keep_going', flag(false), {
    default: false,
    description: 'start with the sound files when others of the folder have errors',
    example: true,
  }),
  restart_grace: define('restart_grace', duration(0, DAY), {
    default: MINUTE,
    description:
      'how long after the start deadlines wait that fell due while the daemon was down, so that late events still cancel them',
    example: '5m',
  }),
  max_hops: define('max_hops', integer(1, 1_000), {
    default: 8,
    description: 'how many launches may cause one another before the chain is cut',
    example: 4,
  }),
  queue_limit: define('queue_limit', integer(1, 10_000_000), {
    default: 100_000,
    description: 'events that may wait to be decided; more are refused until there is room',
    example: 20_000,
  }),
  launch_limit: define('launch_limit', integer(1, 10_000_000), {
    default: 250_000,
    description:
      'launches that may wait to be carried out, for their turn or for another attempt; beyond them events are refused until there is room',
    example: 50_000,
  }),
  retention_age: define('retention.age', duration(MINUTE, 366 * DAY), {
    default: 30 * DAY,
    description: 'how long events, decisions and finished launches are kept',
    example: '90d',
  }),
  retention_bytes: define('retention.bytes', orNone(bytes(MIB, 1_024 * 1_024 * MIB)), {
    default: null,
    description: 'how much room the data may take before the oldest go earlier; none = any',
    example: '20GiB',
  }),
  allow_commands: define('allow_commands', flag(false), {
    default: false,
    description: 'let workflows run commands of this machine',
    example: true,
  }),
  module_folders: define('module_folders', paths('folders'), {
    default: [],
    description: 'folders whose files workflows may run as modules',
    example: ['/etc/triggerd/modules'],
  }),
  private_networks: define(
    'private_networks',
    texts('networks like 10.0.0.0/8', 'NETWORK', (given) => networkProblem(given) === undefined),
    {
      default: [],
      description: 'private networks that requests of workflows may reach',
      example: ['10.1.0.0/16'],
    },
  ),
  smtp_url: define('smtp_url', orNone(smtpUrl), {
    default: null,
    description:
      'the server that takes the mail of workflows; none = workflows that name no server of their own send no mail. Ending in ?security=starttls, tls or none it says how to encrypt where that is not usual',
    example: 'smtps://robot:password@mail.example.org',
    flag: null,
    secret: true,
  }),
  max_running: define('max_running', integer(1, 10_000), {
    default: 64,
    description: 'launches that may run at once',
    example: 16,
  }),
  storm_per_minute: define('storm_per_minute', integer(1, 10_000_000), {
    default: 600,
    description: 'launches of one trigger that may start within a minute; the rest waits',
    example: 60,
  }),
  breaker_failures: define('breaker.failures', integer(1, 1_000_000), {
    default: 5,
    description: 'failures in a row after which a workflow is left alone for a while',
    example: 20,
  }),
  breaker_open: define('breaker.open', duration(100, DAY), {
    default: 30 * SECOND,
    description: 'how long a workflow is left alone that failed so often',
    example: '5m',
  }),
  sources_stdin: define('sources.stdin', flag(false), {
    default: false,
    description: 'take events from standard input, one a line (JSON Lines)',
    example: true,
  }),
  sources_follow: define('sources.follow', paths('files'), {
    default: [],
    description: 'take events from these files as they grow (JSON Lines)',
    example: ['/var/log/shop/events.jsonl'],
  }),
  sources_nats_servers: define(
    'sources.nats.servers',
    texts(
      'servers like nats://localhost:4222 or tls://nats.example.org, without a login',
      'SERVER',
      isNatsServer,
    ),
    {
      default: [],
      description:
        'take events from a stream of NATS JetStream, on the first of these servers that can be reached',
      example: ['nats://localhost:4222'],
      // One that is refused may hold a login.
      secret: true,
    },
  ),
  sources_nats_stream: define(
    'sources.nats.stream',
    orNone(text('the name of a stream', 'NAME', isNatsName)),
    {
      default: null,
      description: 'the stream that events are taken from; none = no stream',
      example: 'ORDERS',
    },
  ),
  sources_nats_subjects: define(
    'sources.nats.subjects',
    texts('subjects like orders.*', 'SUBJECT', isNatsFilter),
    {
      default: [],
      description: 'take only messages of these subjects; none = the whole stream',
      example: ['orders.>'],
    },
  ),
  sources_nats_durable: define('sources.nats.durable', text('the name of a consumer', 'NAME', isNatsName), {
    default: 'triggerd',
    description: 'the durable consumer that remembers what has been taken; it is made when it is missing',
    example: 'triggerd-staging',
  }),
  sources_nats_user: define(
    'sources.nats.user',
    orNone(text('a user name', 'NAME', (given) => given !== '')),
    { default: null, description: 'user name to log in to NATS with; none = no login', example: 'triggerd' },
  ),
  sources_nats_password: define('sources.nats.password', orNone(hiddenText('a password')), {
    default: null,
    description: 'password of that user',
    example: 'a password',
    flag: null,
    secret: true,
  }),
  sources_nats_token: define('sources.nats.token', orNone(hiddenText('a token')), {
    default: null,
    description: 'token to log in to NATS with, instead of a user; none = no token',
    example: 'a token',
    flag: null,
    secret: true,
  }),
  sources_nats_credentials: define('sources.nats.credentials', orNone(path('files')), {
    default: null,
    description: 'file of credentials (.creds) to log in to NATS with, instead of a user; none = no file',
    example: '/etc/triggerd/nats.creds',
  }),
  tracing_endpoint: define('tracing.endpoint', orNone(collectorUrl), {
    default: null,
    description:
      'where spans of events, decisions and launches are sent, by OTLP over HTTP; none = none are made, unless OTEL_EXPORTER_OTLP_ENDPOINT names a place',
    example: 'http://localhost:4318/v1/traces',
  }),
  log_level: define(
    'log_level',
    choice<'debug' | 'info' | 'warn' | 'error'>(['debug', 'info', 'warn', 'error']),
    {
      default: 'info',
      description: 'the least that is logged',
      example: 'warn',
    },
  ),
  reload: define('reload', flag(true), {
    default: true,
    description: 'watch the rule folder and take over what changes',
    example: false,
  }),
  reload_settle: define('reload_settle', duration(0, MINUTE), {
    default: 200,
    description: 'how long the folder must be quiet before it is read again',
    example: '1s',
  }),
};

/** The values by the keys of the table. */
export type SettingValues = {
  -readonly [K in keyof typeof SETTINGS]: (typeof SETTINGS)[K] extends Setting<infer T> ? T : never;
};
export type SettingKey = keyof typeof SETTINGS;

/** The table's entries in order, whatever their types. */
export const SETTING_ENTRIES = Object.entries(SETTINGS) as unknown as readonly (readonly [
  SettingKey,
  Setting<unknown>,
])[];
