import { afterEach, describe, expect, test } from 'vitest';
import type { Readiness } from '../../../src/engine/daemon.js';
import { BLANK_EVENT } from '../../../src/model/event.js';
import type { WireLaunch, WireStoredEvent } from '../../../src/model/wire.js';
import type { StatsAnswer } from '../../../src/server/routes/health.js';
import { run, type RunOptions } from '../harness.js';
import { diagnostic } from '../reports.js';
import { type Answer, type FakeDaemon, fakeDaemon, refusal, type Request } from './fake-daemon.js';

let daemon: FakeDaemon | null = null;
afterEach(async () => {
  await daemon?.close();
  daemon = null;
});

async function ask(
  argv: readonly string[],
  answer: (request: Request) => Answer | undefined,
  options: RunOptions = {},
) {
  await daemon?.close();
  daemon = await fakeDaemon(answer);
  const ran = await run([...argv, '--url', daemon.url], options);
  return { ...ran, requests: daemon.requests };
}

function stored(n: number): WireStoredEvent {
  const event = { ...BLANK_EVENT, event_id: `e-${n}`, event_type: 'a.b', timestamp: '2026-01-01T00:00:00Z' };
  return { position: n, received_at: '2026-01-01T00:00:01Z', event };
}

function launch(n: number, fields: Partial<WireLaunch> = {}): WireLaunch {
  return {
    launch_id: `l-${n}`,
    trigger_id: 'burst',
    workflow_name: 'page',
    mode: 'launch',
    at: '2026-01-01T00:00:00Z',
    event_id: 'e-1',
    events: ['e-1'],
    group: { 'payload.region': 'eu' },
    input: { region: 'eu' },
    item_index: null,
    warnings: [],
    status: 'dead',
    position: n,
    ruleset_hash: 'abc',
    executor: 'http',
    attempts: [
      {
        number: 1,
        started_at: '2026-01-01T00:00:00Z',
        ended_at: '2026-01-01T00:00:00.250Z',
        reason: 'status 500',
      },
      { number: 2, started_at: '2026-01-01T00:01:00Z', ended_at: null, reason: null },
    ],
    next_at: null,
    ended_at: '2026-01-01T00:02:00Z',
    output: { status: 500 },
    ...fields,
  };
}

/** A list of so many elements, in pages as they are asked for. */
const paged =
  <T>(path: string, all: readonly T[], longest = 1_000) =>
  (request: Request): Answer | undefined => {
    if (request.path !== path) return undefined;
    const from = Number(request.query.get('cursor') ?? '0');
    const to = Math.min(all.length, from + Math.min(longest, Number(request.query.get('limit'))));
    return { body: { items: all.slice(from, to), next: to < all.length ? String(to) : null } };
  };

describe('events', () => {
  const all = Array.from({ length: 1_234 }, (_, i) => stored(i + 1));
  const answer = paged('/v1/events', all);

  test('the filters are handed on, the newest fifty are listed as a table', async () => {
    const { code, out, requests } = await ask(
      [
        'events',
        '--type',
        'a.*',
        '--type',
        'c',
        '--since',
        '1h',
        '--until',
        '2026-01-01T00:00:00Z',
        '--after',
        '7',
      ],
      answer,
    );
    expect(code).toBe(0);
    expect([...(requests[0]?.query ?? [])]).toEqual([
      ['type', 'a.*'],
      ['type', 'c'],
      ['after', '7'],
      ['since', '1h'],
      ['until', '2026-01-01T00:00:00Z'],
      ['order', 'newest'],
      ['limit', '50'],
    ]);
    const lines = out.trimEnd().split('\n');
    expect(lines).toHaveLength(51);
    expect(lines[1]).toBe('       1  2026-01-01T00:00:01Z  a.b         e-1       normal');
  });

  test.each([
    [['--limit', '700'], 700, ['500', '200']],
    [['--all'], 1_234, ['500', '500', '500']],
  ])('%j reads on page by page', async (argv, count, limits) => {
    const { out, requests } = await ask(['events', '--format', 'jsonl', '--oldest-first', ...argv], answer);
    expect(
      out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual(all.slice(0, count));
    expect(requests.map(({ query }) => query.get('limit'))).toEqual(limits);
    expect(requests[0]?.query.get('order')).toBe('oldest');
  });

  test('--format json is one document, an empty list too', async () => {
    const { out } = await ask(['events', '--format', 'json'], answer);
    expect(JSON.parse(out)).toEqual({ events: all.slice(0, 50) });
    const none = await ask(['events', '--format', 'json'], paged('/v1/events', []));
    expect(JSON.parse(none.out)).toEqual({ events: [] });
    expect(await ask(['events'], paged('/v1/events', []))).toMatchObject({
      code: 0,
      out: '',
      err: 'no events found\n',
    });
  });

  test('one in full, whatever its id', async () => {
    const one = {
      ...stored(1),
      event: { ...stored(1).event, event_id: 'a/b c', payload: { x: '\u001b[2J' } },
    };
    const { out, requests } = await ask(['events', 'a/b c'], () => ({ body: one }));
    expect(requests[0]?.path).toBe('/v1/events/a/b c');
    expect(out).toBe(
      [
        'a/b c  a.b',
        '  received 2026-01-01T00:00:01Z, position 1',
        '  payload {',
        '    "x": "\\u001b[2J"',
        '  }',
        '  timestamp "2026-01-01T00:00:00Z"',
        '',
      ].join('\n'),
    );
  });
});

describe('launches', () => {
  test('a table, ruled on a terminal', async () => {
    const answer = paged('/v1/launches', [launch(1), launch(2, { status: 'succeeded' })]);
    const argv = [
      'launches',
      '--trigger',
      'burst',
      '--workflow',
      'page',
      '--status',
      'dead',
      '--status',
      'retrying',
    ];
    const { out, requests } = await ask(argv, answer);
    expect(requests[0]?.query.getAll('status')).toEqual(['dead', 'retrying']);
    expect(requests[0]?.query.get('trigger')).toBe('burst');
    expect(out.split('\n')[1]).toBe(
      '2026-01-01T00:00:00Z  dead       burst    page             2  l-1        payload.region="eu"',
    );
    const terminal = await ask(argv, answer, {
      terminal: true,
      columns: 120,
      environment: { NO_COLOR: '1' },
    });
    expect(terminal.out).toContain('│ l-2 ');
  });

  test('one in full, with its attempts', async () => {
    const { out } = await ask(['launches', 'l-1'], () => ({ body: launch(1) }));
    expect(out).toBe(
      [
        'l-1  dead, ended 2026-01-01T00:02:00Z',
        '2026-01-01T00:00:00Z  burst -> page  event e-1  payload.region="eu"',
        '    input {"region":"eu"}',
        '    executor http, rules abc, position 1',
        '    attempt 1  2026-01-01T00:00:00Z  250ms  status 500',
        '    attempt 2  2026-01-01T00:01:00Z  under way, or cut off',
        '    output {"status":500}',
        '',
      ].join('\n'),
    );
  });
});

describe('status', () => {
  const readiness: Readiness = {
    ready: true,
    problems: [],
    ruleset_hash: 'abc',
    triggers: 3,
    loaded_at: '2026-01-01T00:00:00Z',
    refused_at: null,
    diagnostics: [],
  };
  const stats: StatsAnswer = {
    started_at: '2026-01-01T00:00:00Z',
    now: '2026-01-01T01:00:00Z',
    ruleset_hash: 'abc',
    position: 1_200,
    events: { received: 1_300, duplicate: 90, rejected: 10, stored: 1_200, by_type: { 'a.b': 1_200 } },
    launches: { observed: 0, pending: 1, running: 2, retrying: 0, succeeded: 3_000, dead: 4, skipped: 0 },
    triggers: { total: 3, active: 2 },
    running: 2,
    queued: 1,
    reloads: { taken: 5, refused: 1 },
    store_bytes: 5_000_000,
    workflows: { started: 3_010, completed: 3_000, failed: 4, paused: 0, resumed: 0, cancelled: 6 },
    executions: { total: 3_007, successful: 3_000, failed: 4 },
    handlers: {},
    stream: {
      active_streams: 2,
      total_subscriptions: 3,
      connected_clients: 2,
      subscriptions_by_type: { '*': 3 },
      dropped: 1,
      sent: 700,
      buffered_bytes: 0,
    },
  };
  const answer =
    (ready: Readiness) =>
    ({ path }: Request): Answer | undefined =>
      path === '/readyz'
        ? { status: ready.ready ? 200 : 503, body: ready }
        : path === '/v1/stats'
          ? { body: stats }
          : undefined;

  test('when all is well', async () => {
    const { code, out } = await ask(['status'], answer(readiness));
    expect(code).toBe(0);
    expect(out).toBe(
      [
        'ready',
        'rules     abc, 3 triggers (2 active), loaded 2026-01-01T00:00:00Z',
        'events    1,300 received, 90 duplicate, 10 rejected, 1,200 stored; position 1,200',
        'launches  1 pending, 2 running, 3,000 succeeded, 4 dead',
        'at work   2 launches running, 1 waiting',
        'workflows 3,010 started, 3,000 completed, 4 failed, 0 paused, 0 resumed, 6 cancelled',
        'stream    2 clients, 3 subscriptions; 1 dropped',
        'reloads   5 taken, 1 refused',
        'store     5 MiB',
        'running   since 2026-01-01T00:00:00Z',
        '',
      ].join('\n'),
    );
  });

  test('a reload that was refused is shown as check shows it', async () => {
    const refused = {
      ...readiness,
      problems: ['reload refused'],
      refused_at: '2026-01-01T00:30:00Z',
      diagnostics: [diagnostic()],
    };
    const { code, out } = await ask(['status'], answer(refused));
    expect(code).toBe(0);
    expect(out).toContain('ready: reload refused\n');
    expect(out).toContain('were changed at 2026-01-01T00:30:00Z and refused');
    const checked = await run(['check'], {
      app: {
        check: () =>
          Promise.resolve({
            schema: 'triggerd/check@1',
            files: 1,
            triggers: 1,
            workflows: 1,
            tests: 0,
            diagnostics: refused.diagnostics,
          }),
      },
    });
    expect(out).toContain(checked.out.slice(0, checked.out.indexOf('\n\n')));
  });

  test('when it is not ready, that is the exit code', async () => {
    const { code, out } = await ask(
      ['status'],
      answer({ ...readiness, ready: false, problems: ['store full'] }),
    );
    expect(code).toBe(1);
    expect(out).toMatch(/^not ready: store full\n/);
  });

  test('--format json has both', async () => {
    const { out } = await ask(['status', '--format', 'json'], answer(readiness));
    expect(JSON.parse(out)).toEqual({ readiness, stats });
  });
});

describe('a daemon that does not answer as wished', () => {
  test('is not there', async () => {
    const { url, close } = await fakeDaemon(() => undefined);
    await close();
    const ran = await run(['status'], { environment: { TRIGGERD_URL: url } });
    expect(ran).toEqual({
      code: 2,
      out: '',
      err: `error: the daemon at ${url} cannot be reached: nobody listens there\nhint: is \`triggerd run\` running? --url or TRIGGERD_URL say where\n`,
    });
  });

  test.each<[what: string, answer: Answer, error: string, hint: string]>([
    [
      'wants a token',
      refusal(401, 'unauthorized', 'a token is needed', { hint: 'send the header' }),
      'the daemon refused: a token is needed',
      'give a token: --token TOKEN, or TRIGGERD_TOKEN in the environment',
    ],
    [
      'wants another scope',
      refusal(403, 'forbidden', 'the token does not have the scope read', {
        hint: 'use a token with the scope read',
      }),
      'the daemon refused: the token does not have the scope read',
      'use a token with the scope read',
    ],
    [
      'knows no such thing',
      refusal(404, 'launch-unknown', 'there is no launch of this id\u001b[2J'),
      'the daemon refused: there is no launch of this id\\u001b[2J',
      '',
    ],
    [
      'is another program',
      { body: '<html>' },
      'is not triggerd, or not this version of it (status 200)',
      '--url',
    ],
    [
      'points elsewhere',
      { status: 302, headers: { location: 'http://127.0.0.1:1/' }, body: '' },
      'status 302',
      '--url',
    ],
  ])('%s', async (_what, answer, error, hint) => {
    const { code, out, err } = await ask(['launches', 'x'], () => answer);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(error);
    expect(err).toContain(hint);
  });

  test('a path before all others is kept', async () => {
    daemon = await fakeDaemon(() => ({ body: launch(1) }));
    const ran = await run(['launches', 'l-1', '--url', `${daemon.url}/triggerd`]);
    expect(ran.code).toBe(0);
    expect(daemon.requests[0]?.path).toBe('/triggerd/v1/launches/l-1');
  });
});

describe('commands that change something', () => {
  const redriven = ({ path }: Request): Answer | undefined => {
    const id = /^\/v1\/launches\/(.+)\/redrive$/.exec(path)?.[1];
    if (id === 'l-2') return refusal(409, 'launch-unfinished', 'it is under way');
    return id === undefined ? undefined : { body: launch(Number(id.slice(2)), { status: 'pending' }) };
  };

  test('redrive tries each launch again, and goes on after one that cannot be', async () => {
    const { code, out, err } = await ask(['redrive', 'l-1', 'l-2', 'l-3', 'l-1'], redriven);
    expect({ code, out }).toEqual({ code: 1, out: 'l-1  pending\nl-3  pending\n' });
    expect(err).toBe('error: l-2: the daemon refused: it is under way\n1 launch not tried again\n');
  });

  test('redrive of one that cannot be ends with that', async () => {
    const { code, err } = await ask(['redrive', 'l-2'], redriven);
    expect({ code, err }).toEqual({ code: 2, err: 'error: the daemon refused: it is under way\n' });
  });

  test('redrive --dead takes all that are, by workflow and trigger', async () => {
    const dead = Array.from({ length: 12 }, (_, i) => launch(i + 10));
    const list = paged('/v1/launches', dead, 5);
    const { code, out, requests } = await ask(
      ['redrive', '--dead', '--workflow', 'page', '--trigger', 'burst'],
      (request) => list(request) ?? redriven(request),
    );
    expect(code).toBe(0);
    expect(out.trimEnd().split('\n')).toHaveLength(12);
    expect([...(requests[0]?.query ?? [])]).toEqual([
      ['status', 'dead'],
      ['workflow', 'page'],
      ['trigger', 'burst'],
      ['order', 'oldest'],
      ['limit', '500'],
    ]);
    const none = await ask(['redrive', '--dead'], paged('/v1/launches', []));
    expect(none).toMatchObject({ code: 0, out: '', err: 'there is no dead launch\n' });
  });

  test('reset says which group, and how many were forgotten', async () => {
    const answer = (): Answer => ({ body: { trigger_id: 'burst', groups: 1 } });
    const one = await ask(
      [
        'reset',
        'burst',
        '--group',
        'payload.region=eu',
        '--group',
        'payload.id="5"',
        '--group',
        'payload.n=5',
      ],
      answer,
    );
    expect(one.out).toBe('burst forgot 1 group\n');
    expect(one.requests[0]).toMatchObject({ method: 'POST', path: '/v1/triggers/burst/reset' });
    expect(JSON.parse(one.requests[0]?.body ?? '')).toEqual({
      group: { 'payload.region': 'eu', 'payload.id': '5', 'payload.n': 5 },
    });
    const all = await ask(['reset', 'burst'], answer);
    expect(JSON.parse(all.requests[0]?.body ?? '')).toEqual({ group: null });
  });

  test.each<[argv: string[], until: string | null, out: string]>([
    [['--for', '2h'], '2h', 'burst launches nothing until 2026-01-01T02:00:00Z\n'],
    [
      ['--until', '2026-01-01T02:00:00Z'],
      '2026-01-01T02:00:00Z',
      'burst launches nothing until 2026-01-01T02:00:00Z\n',
    ],
    [['--end'], null, 'burst may launch again\n'],
  ])('snooze %j', async (argv, until, text) => {
    const { out, requests } = await ask(['snooze', 'burst', ...argv], ({ body }) => {
      const asked = (JSON.parse(body) as { until: string | null }).until;
      return { body: { trigger_id: 'burst', snoozed_until: asked === null ? null : '2026-01-01T02:00:00Z' } };
    });
    expect(out).toBe(text);
    expect(JSON.parse(requests[0]?.body ?? '')).toEqual({ until });
  });

  test.each<[argv: string[], error: string]>([
    [['redrive'], 'there is no launch to try again'],
    [['redrive', 'a', '--dead'], 'exclude each other'],
    [['redrive', '--workflow', 'w'], '--workflow needs --dead'],
    [['reset'], "missing required argument 'trigger'"],
    [['reset', 'burst', '--group', 'region=eu'], 'a path starts at a field of the event'],
    [['snooze', 'burst'], 'for how long is not said'],
    [['snooze', 'burst', '--for', '2h', '--end'], 'exclude each other'],
    [['snooze', 'burst', '--for', '0s'], '--for takes a duration'],
    [['snooze', 'burst', '--until', '2h'], '--until takes a time'],
    [['launches', '--status', 'deed'], 'there is no status "deed"'],
    [['launches', '--limit', '0'], '--limit takes a whole number'],
    [['launches', '--limit', '5', '--all'], 'exclude each other'],
    [['events', '--since', 'yesterday'], '--since takes a time or a duration'],
  ])('%j is wrong usage', async (argv, error) => {
    const ran = await run(argv);
    expect({ code: ran.code, out: ran.out }).toEqual({ code: 2, out: '' });
    expect(ran.err).toContain(`error: `);
    expect(ran.err).toContain(error);
    expect(ran.err).toContain('hint: ');
  });
});
