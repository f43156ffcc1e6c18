import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { run } from '../harness.js';
import { type Answer, eventsIn, type FakeDaemon, fakeDaemon, refusal, type Request } from './fake-daemon.js';

let folder: string;
let daemon: FakeDaemon | null = null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'triggerd-emit-'));
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await daemon?.close();
  daemon = null;
});

const take = (request: Request): Answer => ({
  status: 202,
  body: {
    events: eventsIn(request).map(({ event_id, id }, i) => ({
      event_id: event_id ?? id,
      position: i + 1,
      duplicate: event_id === 'twice',
    })),
  },
});

/** Runs emit against a daemon that answers as it is told; by default it takes everything. */
async function emit(
  argv: readonly string[],
  options: {
    readonly answers?: readonly ((request: Request) => Answer)[];
    readonly stdin?: string;
    readonly environment?: Record<string, string>;
  } = {},
) {
  const answers = [...(options.answers ?? [])];
  daemon = await fakeDaemon((request) => (answers.shift() ?? take)(request));
  const waited: number[] = [];
  const ran = await run(['emit', ...argv, '--url', daemon.url], {
    waited,
    stdin: options.stdin ?? '',
    environment: options.environment ?? {},
  });
  return { ...ran, waited, requests: daemon.requests };
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\n$/;

describe('an event from options', () => {
  test('is sent with an id of its own, which is printed', async () => {
    const { code, out, err, requests } = await emit(['order.paid', '--payload', '{"total":5}']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(UUID);
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({ method: 'POST', path: '/v1/events' });
    expect(requests[0]?.headers).toMatchObject({ 'content-type': 'application/json' });
    expect(requests[0]?.headers.authorization).toBeUndefined();
    expect(JSON.parse(requests[0]?.body ?? '')).toEqual({
      event_id: out.trim(),
      event_type: 'order.paid',
      payload: { total: 5 },
    });
  });

  test('every option is a field, and --field reaches into maps', async () => {
    const { requests } = await emit([
      'a.b',
      '--id',
      'e-1',
      '--priority',
      'high',
      '--source',
      's',
      '--target',
      't',
      '--session',
      'x',
      '--user',
      'u',
      '--correlation',
      'c',
      '--channel',
      'ch',
      '--timestamp',
      '2026-01-01T00:00:00Z',
      '--payload',
      '{"kept":1}',
      '--field',
      'payload.order.total=12.5',
      '--field',
      'payload["a.b"]=text',
      '--field',
      'payload.tags=["x"]',
      '--field',
      'metadata.quoted="5"',
      '--field',
      'payload.eq=a=b',
      '--field',
      'retryable=false',
    ]);
    expect(JSON.parse(requests[0]?.body ?? '')).toEqual({
      event_type: 'a.b',
      event_id: 'e-1',
      priority: 'high',
      source: 's',
      target: 't',
      session_id: 'x',
      user_id: 'u',
      correlation_id: 'c',
      channel: 'ch',
      timestamp: '2026-01-01T00:00:00Z',
      payload: { kept: 1, order: { total: 12.5 }, 'a.b': 'text', tags: ['x'], eq: 'a=b' },
      metadata: { quoted: '5' },
      retryable: false,
    });
  });

  test('the token of the environment is sent, one of the command line before it', async () => {
    const environment = { TRIGGERD_TOKEN: 'from-env' };
    const first = await emit(['a.b'], { environment });
    expect(first.requests[0]?.headers.authorization).toBe('Bearer from-env');
    await daemon?.close();
    const second = await emit(['a.b', '--token', 'given'], { environment });
    expect(second.requests[0]?.headers.authorization).toBe('Bearer given');
  });

  test('--cloudevents sends it structured', async () => {
    const { requests, out } = await emit(['a.b', '--id', 'e-1', '--priority', 'low', '--cloudevents']);
    expect(requests[0]?.headers['content-type']).toBe('application/cloudevents+json');
    expect(JSON.parse(requests[0]?.body ?? '')).toMatchObject({
      specversion: '1.0',
      id: 'e-1',
      type: 'a.b',
      priority: 'low',
      time: '2026-01-01T00:00:00Z',
    });
    expect(out).toBe('e-1\n');
  });

  test('--wait shows what it led to', async () => {
    const launch = {
      launch_id: 'l-1',
      trigger_id: 'burst',
      workflow_name: 'page',
      mode: 'launch',
      at: '2026-01-01T00:00:00Z',
      event_id: 'e-1',
      events: ['e-1'],
      group: {},
      input: { trigger_event: {}, region: 'eu\u001b[31m' },
      item_index: null,
      warnings: [],
      status: 'pending',
    };
    const suppressed = [
      {
        trigger_id: 'calm',
        event_id: 'e-1',
        at: '2026-01-01T00:00:00Z',
        gate: 'cooldown',
        until: null,
        group: {},
      },
    ];
    const answer = (): Answer => ({
      body: {
        events: [
          { event_id: 'e-1', position: 1, duplicate: false, decision: { suppressed }, launches: [launch] },
        ],
      },
    });
    const { out, requests } = await emit(['a.b', '--id', 'e-1', '--wait'], { answers: [answer] });
    expect(requests[0]?.query.get('wait')).toBe('decision');
    expect(out).toBe(
      [
        'e-1',
        '  2026-01-01T00:00:00Z  burst -> page  event e-1',
        '      input {"region":"eu\\u001b[31m"}',
        '  2026-01-01T00:00:00Z  calm suppressed by cooldown  event e-1',
        '',
      ].join('\n'),
    );
  });
});

describe('events from files', () => {
  const lines = (count: number): string =>
    Array.from({ length: count }, (_, i) => `{"event_id":"e-${i}","event_type":"a.b"}\n`).join('');

  test('many are sent in order, several requests of NDJSON', async () => {
    const file = join(folder, 'events.jsonl');
    writeFileSync(file, lines(1_200));
    const { code, out, requests } = await emit(['--file', file]);
    expect(code).toBe(0);
    expect(requests.map(({ headers }) => headers['content-type'])).toEqual(
      Array(3).fill('application/x-ndjson'),
    );
    expect(out).toBe(Array.from({ length: 1_200 }, (_, i) => `e-${i}\n`).join(''));
  });

  test('standard input, YAML and CloudEvents in a batch', async () => {
    const file = join(folder, 'events.yaml');
    writeFileSync(file, '- event_type: a.b\n  event_id: y-1\n');
    const { out, requests } = await emit(['--file', '-', '--file', file, '--cloudevents'], {
      stdin: lines(2),
    });
    expect(out).toBe('e-0\ne-1\ny-1\n');
    expect(requests[0]?.headers['content-type']).toBe('application/cloudevents-batch+json');
  });

  test('duplicates are flagged, and fine', async () => {
    const { code, out } = await emit(['--file', '-'], {
      stdin: '{"event_id":"twice"}\n{"event_id":"once"}\n',
    });
    expect({ code, out }).toEqual({ code: 0, out: 'twice  duplicate\nonce\n' });
  });

  test('what is refused by its place is told with file and line, and the rest is sent without it', async () => {
    const problems = [{ index: 1, path: 'payload', message: 'too deep', hint: 'flatten it' }];
    const { code, out, err, requests } = await emit(['--file', '-'], {
      stdin: lines(3),
      answers: [() => refusal(400, 'events-invalid', '1 event is wrong', { problems })],
    });
    expect(code).toBe(1);
    expect(out).toBe('e-0\ne-2\n');
    expect(err).toBe('error: -:2: payload: too deep\nhint: flatten it\n1 event refused\n');
    expect(requests).toHaveLength(2);
  });

  test('a request that is too large is sent in halves', async () => {
    const { code, out, requests } = await emit(['--file', '-'], {
      stdin: lines(4),
      answers: [() => refusal(413, 'body-too-large', 'too large')],
    });
    expect({ code, out }).toEqual({ code: 0, out: 'e-0\ne-1\ne-2\ne-3\n' });
    expect(requests.map((request) => eventsIn(request).length)).toEqual([4, 2, 2]);
  });

  test('an invalid event ends it with its place', async () => {
    const { code, err, requests } = await emit(['--file', '-'], {
      stdin: '{"event_type":"a.b","prority":"high"}\n',
    });
    expect(code).toBe(1);
    expect(err).toBe('error: -:1: "prority" is no field of an event\nhint: did you mean priority?\n');
    expect(requests).toHaveLength(0);
  });

  test.each(['json', 'jsonl'])('--format %s', async (format) => {
    const { out } = await emit(['--file', '-', '--format', format], { stdin: lines(2) });
    const receipts = [0, 1].map((i) => ({ event_id: `e-${i}`, position: i + 1, duplicate: false }));
    if (format === 'json') expect(JSON.parse(out)).toEqual({ events: receipts, refused: [] });
    else expect(out).toBe(receipts.map((one) => `${JSON.stringify(one)}\n`).join(''));
  });
});

describe('a daemon that takes none now', () => {
  test('is waited for as long as it says, and the same events are sent again', async () => {
    const { code, out, waited, err, requests } = await emit(['a.b'], {
      answers: [
        () => ({ ...refusal(429, 'rate-limited', 'too many'), headers: { 'retry-after': '3' } }),
        () => refusal(503, 'overloaded', 'too much waits'),
      ],
    });
    expect({ code, waited }).toEqual({ code: 0, waited: [3_000, 2_000] });
    expect(out).toMatch(UUID);
    expect(new Set(requests.map(({ body }) => body)).size).toBe(1);
    expect(err).toBe(
      'the daemon refused: too many; trying again in 3 s\nthe daemon refused: too much waits; trying again in 2 s\n',
    );
  });

  test('is given up after ten times', async () => {
    const busy = (): Answer => refusal(503, 'store-full', 'no space');
    const { code, waited, err } = await emit(['a.b'], { answers: Array(10).fill(busy) });
    expect({ code, waits: waited.length }).toEqual({ code: 2, waits: 9 });
    expect(err).toMatch(/error: the daemon refused: no space\n$/);
  });
});

describe('wrong usage', () => {
  test.each<[argv: string[], error: string, hint: string]>([
    [[], 'there is no event to send', '--file'],
    [['a.b', '--file', 'x'], '--file and the type "a.b" exclude each other', ''],
    [['--file', 'x', '--payload', '{}'], '--file and --payload exclude each other', ''],
    [['a.b', '--payload', '{total: 5}'], '--payload is not JSON', '--field payload.total=5'],
    [['a.b', '--field', 'region=eu'], 'a path starts at a field of the event', '--field payload.region=eu'],
    [['a.b', '--field', 'payload.region'], '--field takes PATH=VALUE', ''],
    [['a.b', '--field', 'payload.items[0]=1'], 'an element of a list', 'the whole list'],
    [['a.b', '--field', 'payload.a[*]=1'], '[*] is not a path step', ''],
    [['a.b', '--priority', 'urgent'], 'argument', ''],
    [['a.b', '--url', 'localhost:7878'], 'that is no http URL', 'http://127.0.0.1:7878'],
    [['--file', '/no/such/file'], 'does not exist', ''],
  ])('%j', async (argv, error, hint) => {
    const ran = await run(['emit', ...argv]);
    expect({ code: ran.code, out: ran.out }).toEqual({ code: 2, out: '' });
    expect(ran.err).toContain(error);
    expect(ran.err).toContain(hint);
  });

  test.each<[argv: string[], error: string]>([
    [['a..b'], 'event_type must be'],
    [['a.b', '--payload', '[1]'], 'payload must be an object'],
    [['a.b', '--timestamp', 'now'], 'timestamp must be an RFC 3339 time'],
  ])('an event that is none: %j', async (argv, error) => {
    const ran = await run(['emit', ...argv]);
    expect(ran.code).toBe(1);
    expect(ran.err).toContain(`error: the event: ${error}`);
  });
});
