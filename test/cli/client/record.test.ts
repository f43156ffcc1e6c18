import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { reportLaunch } from '../../../src/engine/report-parts.js';
import type { JsonObject } from '../../../src/kernel/json.js';
import { formatTime, parseTime } from '../../../src/kernel/time.js';
import { loadText } from '../../../src/load/load-text.js';
import type { Event } from '../../../src/model/event.js';
import type { WireDecision, WireLaunch, WireStoredEvent } from '../../../src/model/wire.js';
import { record as recorder, event, rules } from '../../support/rules.js';
import { run } from '../harness.js';
import { type FakeDaemon, fakeDaemon, refusal } from './fake-daemon.js';

let folder: string;
let daemon: FakeDaemon | null = null;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'triggerd-record-'));
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await daemon?.close();
  daemon = null;
});

const START = Date.parse('2026-05-04T10:00:00.123Z');

/** An event of a history: when it arrives, in seconds, and its fields. */
interface Past extends Partial<Omit<Event, 'event_id'>> {
  readonly in: number;
}

interface History {
  readonly launches: readonly WireLaunch[];
  readonly events: readonly WireStoredEvent[];
  readonly decisions: readonly WireDecision[];
}

/** What a daemon with these rules has decided and kept, after the real engine ran the events. */
function history(text: string, past: readonly Past[], untilSeconds = 0): History {
  const { run: engine, launches } = recorder(rules(text));
  const found: WireLaunch[] = [];
  const decisions: WireDecision[] = [];
  const events: WireStoredEvent[] = [];
  const collect = (event_id: string | null, at: number): void => {
    const fresh = launches.slice(found.length);
    if (fresh.length === 0) return;
    for (const launch of fresh) {
      found.push({
        ...reportLaunch(launch),
        status: 'succeeded',
        position: events.length,
        ruleset_hash: 'abc',
        executor: 'log',
        attempts: [],
        next_at: null,
        ended_at: null,
        output: null,
      });
    }
    const ids = fresh.map(({ launch_id }) => launch_id);
    decisions.push({
      position: events.length,
      event_id,
      at: formatTime(at),
      ruleset_hash: 'abc',
      launches: ids,
      suppressed: [],
    });
  };
  engine.start(START - 1_000);
  for (const [i, { in: seconds, ...fields }] of past.entries()) {
    const arrivedAt = START + seconds * 1_000;
    // Timers that are due on the way are decisions of their own, a second at a time.
    for (let at = engine.decider.now; at < arrivedAt; at += 500) {
      engine.runUntil(Math.min(at + 500, arrivedAt - 1));
      collect(null, at);
    }
    const one = event({
      event_id: `id-${i}`,
      event_type: 'a.b',
      timestamp: formatTime(arrivedAt),
      ...fields,
    });
    events.push({ position: i + 1, received_at: formatTime(arrivedAt), event: one });
    engine.event(one, Math.min(parseTime(one.timestamp) ?? 0, arrivedAt), arrivedAt);
    collect(one.event_id, arrivedAt);
  }
  for (let at = engine.decider.now; at < START + untilSeconds * 1_000; at += 500) {
    engine.runUntil(at + 500);
    collect(null, at + 500);
  }
  return { launches: found, events, decisions };
}

async function serve({ launches, events, decisions }: History): Promise<FakeDaemon> {
  await daemon?.close();
  daemon = await fakeDaemon(({ path, query }) => {
    const [, , list, id] = path.split('/');
    if (list === 'launches') {
      const launch = launches.find(({ launch_id }) => launch_id === id);
      return launch === undefined
        ? refusal(404, 'launch-unknown', 'there is no launch of this id')
        : { body: launch };
    }
    if (list === 'events') {
      const stored = events.find(({ event: { event_id } }) => event_id === id);
      return stored === undefined
        ? refusal(404, 'event-unknown', 'there is no event of this id')
        : { body: stored };
    }
    const wanted = query.get('event');
    const since = parseTime(query.get('since') ?? '') ?? 0;
    const items = decisions.filter(
      (decision) =>
        (wanted === null || decision.event_id === wanted) && (parseTime(decision.at) ?? 0) >= since,
    );
    return { body: { items, next: null } };
  });
  return daemon;
}

/** Records a launch, puts it beside its rules, and runs the rule tests. Gives the test as it was written. */
async function recordAndTest(
  text: string,
  past: History,
  index = -1,
): Promise<JsonObject & { readonly text: string }> {
  const { url } = await serve(past);
  const launch = past.launches.at(index);
  expect(launch).toBeDefined();
  const out = join(folder, 'recorded.test.yaml');
  const written = await run(['record', launch?.launch_id ?? '', '--url', url, '--out', out]);
  expect(written).toEqual({ code: 0, out: '', err: '' });
  writeFileSync(join(folder, 'rules.yaml'), text);
  const tested = await run(['test', folder, '--fail-on-empty'], { real: true });
  const recorded = readFileSync(out, 'utf8');
  expect(tested.code, `${tested.out}${tested.err}\n${recorded}`).toBe(0);
  const { documents, diagnostics } = loadText('x.yaml', recorded);
  expect(diagnostics).toEqual([]);
  const [one] = (documents[0]?.value as { tests: JsonObject[] }).tests;
  return { ...one, text: recorded };
}

const WORKFLOWS =
  'workflows: { page: { executor: log, with: { message: x } }, note: { executor: log, with: { message: x } } }\n';

const rule = (body: string): string =>
  `triggers:\n  - ${body.trim().replaceAll('\n', '\n    ')}\n${WORKFLOWS}`;

const BURST = rule(`
trigger_id: burst
event_types: [a.b]
filters: { priority: { at_least: high } }
group_by: [payload.region]
condition: { threshold_reached: { aggregate: count, at_least: 3, within: 60s } }
workflow_name: page
workflow_input: { region: "{{ event.payload.region }}", failures: "{{ events.size }}" }
`);

describe('a recorded launch is a rule test that passes', () => {
  test('of a window: the events that contributed, and no others', async () => {
    const payload = { region: 'eu' };
    const past = history(BURST, [
      { in: 0, priority: 'high', payload },
      { in: 1, priority: 'high', payload: { region: 'us' } },
      { in: 70, priority: 'high', payload },
      { in: 75, priority: 'low', payload },
      { in: 80.25, priority: 'critical', payload, source: 'shop' },
      { in: 81, priority: 'high', payload },
    ]);
    const { text, ...test } = await recordAndTest(BURST, past);
    expect(test).toEqual({
      name: `burst launches page, recorded from ${past.launches[0]?.launch_id}`,
      triggers: ['burst'],
      start: '2026-05-04T10:01:10.123Z',
      events: [
        { at: '0s', event_type: 'a.b', payload, priority: 'high' },
        { at: '10s250ms', event_type: 'a.b', source: 'shop', payload, priority: 'critical' },
        { at: '11s', event_type: 'a.b', payload, priority: 'high' },
      ],
      expect: [
        { at: '11s', trigger_id: 'burst', workflow_name: 'page', input: { region: 'eu', failures: 3 } },
      ],
    });
    expect(text).toContain(
      `    events:
      - { at: "0s", event_type: a.b, payload: { region: eu }, priority: high }
      - at: "10s250ms"
        event_type: a.b
        source: shop
        payload: { region: eu }
        priority: critical
`,
    );
  });

  test.each<[what: string, text: string, past: readonly Past[], until: number]>([
    [
      'a sequence with named steps',
      rule(`
trigger_id: seq
group_by: [session_id]
condition:
  event_sequence:
    within: 10m
    steps: [{ name: first, event_types: [a.b] }, { event_types: [c.d] }]
workflow_name: page
workflow_input: { who: "{{ steps.first.payload.who }}", at: "{{ event.timestamp }}", id: "{{ event.event_id }}" }
`),
      [
        { in: 0, session_id: 's', payload: { who: 'ann' } },
        { in: 60, session_id: 's', event_type: 'c.d', timestamp: '2026-05-04T12:00:59.5+02:00' },
      ],
      60,
    ],
    [
      'a deadline that passed',
      rule(`
trigger_id: late
event_types: [a.b]
condition: { time_based: { after: 10m, unless: { event_types: [c.d] } } }
lateness: 20s
workflow_name: page
workflow_input: { n: "{{ event.payload.n }}", due: "{{ now }}" }
`),
      [{ in: 0, payload: { n: 7 } }],
      700,
    ],
    [
      'a silence',
      rule(`
trigger_id: quiet
event_types: [a.b]
condition: { time_based: { no_event_for: 5m } }
workflow_name: page
`),
      [{ in: 0 }, { in: 100 }],
      500,
    ],
    [
      'a schedule, which no event caused',
      rule(`
trigger_id: hourly
condition: { time_based: { every: 1h } }
workflow_name: page
workflow_input: { at: "{{ now }}" }
`),
      [],
      3_700,
    ],
    [
      'a collection',
      rule(`
trigger_id: digest
event_types: [a.b]
collect: { for: 30s, max: 100 }
workflow_name: page
workflow_input: { count: "{{ events.size }}" }
`),
      [{ in: 0 }, { in: 10 }, { in: 20 }],
      60,
    ],
    [
      'one that was quiet for a while',
      rule(`
trigger_id: calm
event_types: [a.b]
debounce: 30s
workflow_name: page
workflow_input: { last: "{{ event.payload.n }}" }
`),
      [
        { in: 0, payload: { n: 1 } },
        { in: 10, payload: { n: 2 } },
      ],
      60,
    ],
    [
      'a change of value',
      rule(`
trigger_id: changed
event_types: [a.b]
condition: { value_changed: { field: payload.state } }
workflow_name: page
workflow_input: { state: "{{ event.payload.state }}" }
`),
      [
        { in: 0, payload: { state: 'up' } },
        { in: 5, payload: { state: 'down' } },
      ],
      5,
    ],
    [
      'several workflows at once, one of an observed trigger',
      rule(`
trigger_id: both
event_types: [a.b]
mode: observe
launches: [{ workflow_name: page, workflow_input: { a: 1 } }, { workflow_name: note, workflow_input: { b: 2 } }]
`),
      [{ in: 0 }],
      0,
    ],
    [
      'each element of a list',
      rule(`
trigger_id: each
event_types: [a.b]
for_each: payload.alerts
filters: { item.level: high }
workflow_name: page
workflow_input: { name: "{{ item.name }}" }
`),
      [
        {
          in: 0,
          payload: {
            alerts: [
              { level: 'high', name: 'x' },
              { level: 'low', name: 'y' },
              { level: 'high', name: 'z' },
            ],
          },
        },
      ],
      0,
    ],
    [
      'the last one suppressed by a cooldown',
      rule(`
trigger_id: trailing
event_types: [a.b]
cooldown: { for: 60s, trailing: true }
workflow_name: page
workflow_input: { n: "{{ event.payload.n }}" }
`),
      [
        { in: 0, payload: { n: 1 } },
        { in: 10, payload: { n: 2 } },
      ],
      100,
    ],
    [
      'an event that arrived late and says so',
      BURST,
      [
        { in: 0, priority: 'high', payload: { region: 'eu' } },
        { in: 50, priority: 'high', payload: { region: 'eu' } },
        { in: 62, priority: 'high', payload: { region: 'eu' }, timestamp: '2026-05-04T10:00:30Z' },
      ],
      62,
    ],
    [
      'texts and keys that YAML would read otherwise',
      rule(`
trigger_id: odd
event_types: [a.b]
workflow_name: page
workflow_input: { payload: "{{ event.payload }}" }
`),
      [
        {
          in: 0,
          payload: {
            no: 'yes',
            '1': '0x10',
            'a: b': '- c',
            empty: '',
            list: [[], {}, null, 'null', '~', '1e3', 1.5e-7],
            ä: '\u0085\u2028😀',
            multi: 'a\n b\n',
            colon: 'a: b # c',
            'quote"': "it's",
            '*': '&x',
            long: 'x'.repeat(200),
            deep: { a: { b: { c: ['{{ x }}', '{% y %}'] } } },
            __proto__x: true,
          },
        },
      ],
      0,
    ],
  ])('%s', async (_what, text, past, until) => {
    const kept = history(text, past, until);
    await recordAndTest(text, kept);
    if (kept.launches.length > 1) {
      rmSync(join(folder, 'recorded.test.yaml'));
      await recordAndTest(text, kept, 0);
    }
  });

  test('secrets are removed, from what is made of them too, and it still passes', async () => {
    const text = rule(`
trigger_id: login
event_types: [a.b]
filters: { payload.user: ann }
workflow_name: page
workflow_input:
  header: "Bearer {{ event.payload.auth.access_token }}"
  user: "{{ event.payload.user }}"
  api_key: "sk-live-of-the-rule"
  count: "{{ event.payload.token_count }}"
  code: "{{ event.payload.pin }}"
  pass: "<{{ event.payload.passcode }}>"
`);
    const past = history(text, [
      {
        in: 0,
        priority: 'high',
        payload: {
          user: 'ann',
          auth: { access_token: 'tok-12345', scopes: ['a'] },
          Password: 'hunter2!',
          pin: 1234,
          secret: 'high',
          passcode: 'xy',
          token_count: 5,
          headers: { Authorization: 'Basic YWJjOmRlZg==', 'X-Api-Key': ['k-98765'] },
          note: 'she said hunter2! twice',
          jwt: 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.c2lnbmF0dXJl',
        },
      },
    ]);
    const { text: recorded, ...test } = await recordAndTest(text, past);
    expect(Object.keys((test as { expect?: { input: object }[] }).expect?.[0]?.input ?? {})).toEqual([
      'header',
      'user',
      'count',
    ]);
    expect(recorded).not.toMatch(/tok-12345|<xy>|hunter2|1234|YWJj|k-98765|sk-live|eyJ/);
    expect(test).toMatchObject({
      events: [
        {
          payload: {
            user: 'ann',
            auth: { access_token: '[removed]', scopes: ['a'] },
            Password: '[removed]',
            pin: '[removed]',
            token_count: 5,
            note: 'she said [removed] twice',
          },
        },
      ],
      expect: [{ input: { header: 'Bearer [removed]', user: 'ann', count: 5 } }],
    });
  });
});

describe('what cannot be recorded', () => {
  const past = history(
    BURST,
    [0, 1, 2].map((seconds) => ({ in: seconds, priority: 'high' as const, payload: { region: 'eu' } })),
  );
  const id = past.launches[0]?.launch_id ?? '';

  test('a launch that is not there', async () => {
    const { url } = await serve(past);
    const { code, err } = await run(['record', 'nothing', '--url', url]);
    expect({ code, err }).toEqual({
      code: 2,
      err: 'error: the daemon refused: there is no launch of this id\n',
    });
  });

  test('one whose events are no longer kept', async () => {
    const { url } = await serve({ ...past, events: past.events.slice(1) });
    const { code, out, err } = await run(['record', id, '--url', url]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(
      /^error: the event id-0, which contributed to .* is no longer kept\nhint: .*retention\.age/,
    );
  });

  test('over a file that is there', async () => {
    const out = join(folder, 'mine.yaml');
    writeFileSync(out, 'mine');
    const { url } = await serve(past);
    const { code, err } = await run(['record', id, '--url', url, '--out', out]);
    expect(code).toBe(2);
    expect(err).toContain('is already there, and nothing is overwritten');
    expect(readFileSync(out, 'utf8')).toBe('mine');
  });

  test('without its decision it is written all the same, to standard output', async () => {
    const { url } = await serve({ ...past, decisions: [] });
    const { code, out } = await run(['record', id, '--url', url]);
    expect(code).toBe(0);
    expect(out).toMatch(/^tests:\n/);
  });
});
