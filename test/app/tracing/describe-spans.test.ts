import { describe, expect, test } from 'vitest';
import { describeSpans } from '../../../src/app/tracing/describe-spans.js';
import type { PastLookup, SpanDescription } from '../../../src/app/tracing/span-description.js';
import type { Happening } from '../../../src/engine/daemon.js';
import type { JsonObject } from '../../../src/kernel/json.js';
import { begun, cutOff, ended, leftOut, stillborn } from '../../../src/launch/dispatch/changes.js';
import {
  attemptSpanId,
  decisionSpanId,
  derivedTraceId,
  eventSpanId,
  launchSpanId,
} from '../../../src/launch/trace/span-ids.js';
import type { Suppression } from '../../../src/model/decision.js';
import type { LaunchRecord, StoredDecision } from '../../../src/model/record.js';
import { failed, succeeded } from '../../../src/ports/executor-kind.js';
import { launchOf } from '../../launch/dispatch/harness.js';
import { event } from '../../support/rules.js';

const AT = Date.parse('2026-01-01T00:00:00Z');
const TOLD = AT + 5;
const UNSAMPLED = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-00`;
const nothing: PastLookup = { launch: () => null, event: () => null };

const spansOf = (happenings: readonly Happening[], past: PastLookup = nothing): readonly SpanDescription[] =>
  describeSpans(happenings, TOLD, past);

const came = (eventId: string, metadata: JsonObject = {}): Happening => ({
  kind: 'event',
  stored: {
    position: 3,
    event: event({ event_id: eventId, event_type: 'x.y', metadata, correlation_id: 'c' }),
    received_at: AT,
  },
});

const decided = (changes: Partial<StoredDecision>): Happening => ({
  kind: 'decision',
  decision: {
    position: 3,
    event_id: 'e',
    at: AT,
    ruleset_hash: 'rules-1',
    launches: [],
    suppressed: [],
    ...changes,
  },
});

const suppressed = (changes: Partial<Suppression> = {}): Suppression => ({
  trigger_id: 't',
  event_id: 'e',
  at: AT,
  gate: 'cooldown',
  until: null,
  group: {},
  ...changes,
});

function launched(
  id: string,
  eventId: string | null = 'e',
  changes: Partial<LaunchRecord> = {},
): LaunchRecord {
  const trigger_event = eventId === null ? null : { event_id: eventId, metadata: {} };
  return launchOf(id, undefined, { at: AT, event_id: eventId, input: { trigger_event }, ...changes });
}

const changed = (launch: LaunchRecord): Happening => ({ kind: 'launch', launch });

describe('an event', () => {
  test('is a span from its arrival to when it is durable', () => {
    expect(spansOf([came('e')])).toEqual([
      {
        name: 'event x.y',
        kind: 'consumer',
        traceId: derivedTraceId('e'),
        spanId: eventSpanId('e'),
        parentId: null,
        isParentRemote: false,
        tracestate: null,
        startMs: AT,
        endMs: TOLD,
        attributes: {
          'cloudevents.event_id': 'e',
          'cloudevents.event_type': 'x.y',
          'cloudevents.event_source': expect.any(String) as string,
          'messaging.system': 'triggerd',
          'messaging.operation.name': 'decide',
          'messaging.operation.type': 'process',
          'messaging.message.id': 'e',
          'messaging.message.conversation_id': 'c',
          'triggerd.event.timestamp': expect.any(String) as string,
          'triggerd.event.priority': 'normal',
          'triggerd.position': 3,
        },
        error: null,
      },
    ]);
  });

  test('ends no earlier than it came, whatever was done to the clock', () => {
    const [span] = describeSpans([came('e')], AT - 60_000, nothing);
    expect(span).toMatchObject({ startMs: AT, endMs: AT });
  });

  test('that is not to be recorded is none, nor is anything that follows from it', () => {
    const launch = launched('l', 'e', {
      status: 'succeeded',
      ended_at: AT,
      input: { trigger_event: { event_id: 'e', metadata: { traceparent: UNSAMPLED } } },
    });
    const happenings = [
      came('e', { traceparent: UNSAMPLED }),
      decided({ launches: ['l'], suppressed: [suppressed({ trigger_id: 'u' })] }),
      changed(launch),
    ];
    expect(spansOf(happenings)).toEqual([]);
  });
});

describe('a decision', () => {
  test('is one span below its event, with what was launched and what was suppressed', () => {
    const observed = launched('o', 'e', { mode: 'observe', status: 'observed', trigger_id: 'w' });
    const happenings = [
      came('e'),
      decided({ launches: ['l', 'o'], suppressed: [suppressed({ trigger_id: 'u' })] }),
      changed(launched('l')),
      changed(observed),
    ];
    expect(spansOf(happenings).slice(1)).toEqual([
      {
        name: 'decide',
        kind: 'internal',
        traceId: derivedTraceId('e'),
        spanId: decisionSpanId({ event_id: 'e', trigger_id: '', at: AT }),
        parentId: eventSpanId('e'),
        isParentRemote: false,
        tracestate: null,
        startMs: AT,
        endMs: TOLD,
        attributes: {
          'triggerd.ruleset.hash': 'rules-1',
          'triggerd.decision.cause': 'event',
          'triggerd.decision.triggers': ['t', 'w', 'u'],
          'triggerd.decision.launched': 1,
          'triggerd.decision.observed': 1,
          'triggerd.decision.launches': ['l', 'o'],
          'triggerd.decision.suppressed': 1,
          'triggerd.decision.gates': ['u: cooldown'],
        },
        error: null,
      },
    ]);
  });

  test('of a timer that an event had set is below that event', () => {
    const late = launched('l', 'e', { at: AT - 10 });
    const [span] = spansOf([decided({ event_id: null, launches: ['l'] }), changed(late)]);
    expect(span).toMatchObject({
      traceId: derivedTraceId('e'),
      parentId: eventSpanId('e'),
      startMs: AT - 10,
      attributes: { 'triggerd.decision.cause': 'timer' },
    });
  });

  test('of a schedule begins a trace', () => {
    const happenings = [decided({ event_id: null, launches: ['l'] }), changed(launched('l', null))];
    expect(spansOf(happenings)).toMatchObject([
      { name: 'decide', traceId: derivedTraceId('timer', 't', AT), parentId: null },
    ]);
  });

  test('of a timer that was suppressed belongs to the trace of the event that had set it', () => {
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const setter = event({ event_id: 'e', event_type: 'x', metadata: { traceparent } });
    const happenings = [decided({ event_id: null, suppressed: [suppressed({ at: AT - 1 })] })];
    expect(spansOf(happenings, { ...nothing, event: () => setter })).toMatchObject([
      { traceId: 'a'.repeat(32), parentId: eventSpanId('e') },
    ]);
    expect(spansOf(happenings)).toMatchObject([{ traceId: derivedTraceId('e') }]);
    const nobodys = [decided({ event_id: null, suppressed: [suppressed({ event_id: null })] })];
    expect(spansOf(nobodys)).toMatchObject([{ traceId: derivedTraceId('timer', 't', AT), parentId: null }]);
  });

  test('lists no more than can be read', () => {
    const launches = Array.from({ length: 100 }, (_, index) => launched(`l${index}`));
    const happenings = [
      decided({ launches: launches.map(({ launch_id }) => launch_id) }),
      ...launches.map(changed),
    ];
    const [span] = spansOf(happenings);
    expect(span?.attributes['triggerd.decision.launched']).toBe(100);
    expect(span?.attributes['triggerd.decision.launches']).toHaveLength(32);
  });
});

describe('a launch', () => {
  const pending = launched('l');
  const first = begun(pending, AT + 10);
  const retrying = ended(first, failed('it said 503'), AT + 20, AT + 30);
  const second = begun(retrying, AT + 30);
  const done = ended(second, succeeded(), AT + 40, null);
  const dead = ended(second, failed('it said 500'), AT + 40, null);
  const resumed = begun(cutOff(first, AT + 100), AT + 101);
  const redriven: LaunchRecord = { ...dead, status: 'pending', redriven_after: 2, ended_at: null };
  const third = begun(redriven, AT + 50);
  const again = ended(third, succeeded(), AT + 60, null);

  const brief = (launch: LaunchRecord): unknown[] =>
    spansOf([changed(launch)]).map(({ name, spanId, parentId, startMs, endMs, error }) => [
      name,
      spanId,
      parentId,
      startMs - AT,
      endMs - AT,
      error,
    ]);
  const decision = decisionSpanId(pending);
  const run = launchSpanId('l', 0);

  test.each<[what: string, launch: LaunchRecord, spans: unknown[]]>([
    ['that is decided has ended nothing', pending, []],
    ['that begins has ended nothing', first, []],
    [
      'that is tried again has ended an attempt',
      retrying,
      [['attempt w', attemptSpanId(pending, 1), run, 10, 20, 'it said 503']],
    ],
    ['that begins again has ended nothing more', second, []],
    [
      'that succeeds has ended its attempt, and itself',
      done,
      [
        ['attempt w', attemptSpanId(pending, 2), run, 30, 40, null],
        ['launch w', run, decision, 0, 40, null],
      ],
    ],
    [
      'that is given up has failed',
      dead,
      [
        ['attempt w', attemptSpanId(pending, 2), run, 30, 40, 'it said 500'],
        ['launch w', run, decision, 0, 40, 'it said 500'],
      ],
    ],
    [
      'that could not be tried has failed at once',
      stillborn(pending, 'no settings', AT + 7),
      [
        ['attempt w', attemptSpanId(pending, 1), run, 7, 7, 'no settings'],
        ['launch w', run, decision, 0, 7, 'no settings'],
      ],
    ],
    [
      'whose process died has ended that attempt when it begins anew',
      resumed,
      [['attempt w', attemptSpanId(pending, 1), run, 10, 100, 'the daemon ended during this attempt']],
    ],
    ['that is redriven has ended nothing', redriven, []],
    [
      'that was redriven is a span of its own from when it begins',
      again,
      [
        ['attempt w', attemptSpanId(pending, 3), launchSpanId('l', 2), 50, 60, null],
        ['launch w', launchSpanId('l', 2), decision, 50, 60, null],
      ],
    ],
    [
      'that is left out has ended without an attempt',
      leftOut({ ...retrying, attempts: [] }, null, AT + 9),
      [['launch w', run, decision, 0, 9, null]],
    ],
    ['that is only observed is none', { ...pending, mode: 'observe', status: 'observed', ended_at: AT }, []],
  ])('%s', (_what, launch, spans) => {
    expect(brief(launch)).toEqual(spans);
  });

  test('says what it is', () => {
    expect(spansOf([changed(done)]).map(({ kind, attributes }) => ({ kind, attributes }))).toEqual([
      {
        kind: 'client',
        attributes: {
          'triggerd.launch.id': 'l',
          'triggerd.workflow.name': 'w',
          'triggerd.executor': 'fake',
          'triggerd.attempt': 2,
        },
      },
      {
        kind: 'internal',
        attributes: {
          'triggerd.launch.id': 'l',
          'triggerd.launch.status': 'succeeded',
          'triggerd.launch.attempts': 2,
          'triggerd.launch.hops': 1,
          'triggerd.trigger.id': 't',
          'triggerd.workflow.name': 'w',
          'triggerd.executor': 'fake',
          'triggerd.ruleset.hash': 'hash',
        },
      },
    ]);
  });
});
