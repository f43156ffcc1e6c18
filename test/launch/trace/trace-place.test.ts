import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/kernel/json.js';
import { readTraceContext } from '../../../src/kernel/trace-context.js';
import { spanContexts, inheritedContexts } from '../../../src/launch/trace/trace-contexts.js';
import {
  attemptSpanId,
  decisionSpanId,
  derivedTraceId,
  eventSpanId,
  launchSpanId,
} from '../../../src/launch/trace/span-ids.js';
import { eventPlace, launchPlace, type LaunchLookup } from '../../../src/launch/trace/trace-place.js';
import type { LaunchRecord } from '../../../src/model/record.js';
import { launchOf } from '../dispatch/harness.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';
const PARENT = `00-${TRACE}-${SPAN}-01`;
const UNSAMPLED = `00-${TRACE}-${SPAN}-00`;
const none: LaunchLookup = () => null;

/** A launch that an event with this metadata completed. */
function launched(id: string, eventId: string | null, metadata: JsonObject = {}): LaunchRecord {
  const event = eventId === null ? null : { event_id: eventId, event_type: 'x', metadata };
  return launchOf(id, undefined, { event_id: eventId, input: { trigger_event: event, trigger_id: 't' } });
}

const published = (launchId: string): JsonObject => ({
  triggerd: { hops: 1, chain: ['t'], launch_id: launchId },
});
const among =
  (...launches: LaunchRecord[]): LaunchLookup =>
  (id) =>
    launches.find(({ launch_id }) => launch_id === id) ?? null;

describe('where an event belongs', () => {
  test('one that brings nothing begins a trace, always the same one', () => {
    expect(eventPlace({ event_id: 'e', metadata: {} }, none)).toEqual({
      traceId: derivedTraceId('e'),
      parentId: null,
      isParentRemote: false,
      flags: 1,
      tracestate: null,
    });
    expect(derivedTraceId('e')).toMatch(/^[0-9a-f]{32}$/);
  });

  test('one that names its span is below it', () => {
    expect(eventPlace({ event_id: 'e', metadata: { traceparent: PARENT, tracestate: 'a=b' } }, none)).toEqual(
      { traceId: TRACE, parentId: SPAN, isParentRemote: true, flags: 1, tracestate: 'a=b' },
    );
  });

  test.each<[what: string, traceparent: JsonObject[string]]>([
    ['no text', 17],
    ['no trace context', 'hello'],
    ['all zero', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['upper case', PARENT.toUpperCase()],
    ['too long for its version', `${PARENT}-x`],
  ])('what is %s is as if nothing had come', (_what, traceparent) => {
    expect(eventPlace({ event_id: 'e', metadata: { traceparent } }, none).traceId).toBe(derivedTraceId('e'));
  });

  test('one that a launch published is below the launch, in its trace', () => {
    const lookUp = among(launched('l', 'root'));
    expect(eventPlace({ event_id: 'emit-l', metadata: published('l') }, lookUp)).toEqual({
      traceId: derivedTraceId('root'),
      parentId: launchSpanId('l', 0),
      isParentRemote: false,
      flags: 1,
      tracestate: null,
    });
  });

  test('one that `emit` published with the trace of its cause is below the launch between them', () => {
    const metadata = { traceparent: PARENT, tracestate: 'a=b' };
    const lookUp = among(launched('l', 'root', metadata));
    const place = eventPlace({ event_id: 'emit-l', metadata: { ...metadata, ...published('l') } }, lookUp);
    expect(place).toEqual({
      traceId: TRACE,
      parentId: launchSpanId('l', 0),
      isParentRemote: false,
      flags: 1,
      tracestate: 'a=b',
    });
  });

  test('one that `emit` gave another trace belongs there', () => {
    const lookUp = among(launched('l', 'root'));
    const place = eventPlace(
      { event_id: 'emit-l', metadata: { traceparent: PARENT, ...published('l') } },
      lookUp,
    );
    expect(place).toMatchObject({ traceId: TRACE, parentId: SPAN });
  });

  test('one that passes on our lineage with a span of its own is below that span', () => {
    const lookUp = among(launched('l', 'root'));
    const place = eventPlace(
      { event_id: 'theirs', metadata: { traceparent: PARENT, ...published('l') } },
      lookUp,
    );
    expect(place).toMatchObject({ traceId: TRACE, parentId: SPAN });
  });

  test('generations of published events are one trace', () => {
    const first = launched('l1', 'root', { traceparent: UNSAMPLED });
    const second = launched('l2', 'emit-l1', published('l1'));
    const third = launched('l3', 'emit-l2', published('l2'));
    const place = eventPlace({ event_id: 'emit-l3', metadata: published('l3') }, among(first, second, third));
    expect(place).toMatchObject({ traceId: TRACE, parentId: launchSpanId('l3', 0), flags: 0 });
  });

  test('a circle that a producer made up has an end', () => {
    const lookUp = among(launched('l1', 'e2', published('l2')), launched('l2', 'e1', published('l1')));
    expect(eventPlace({ event_id: 'e', metadata: published('l1') }, lookUp).traceId).toMatch(
      /^[0-9a-f]{32}$/,
    );
  });

  test.each<[what: string, triggerd: JsonObject[string]]>([
    ['unknown', { launch_id: 'gone' }],
    ['no text', { launch_id: 3 }],
    ['nowhere', 'nonsense'],
  ])('a publisher that is %s is none', (_what, triggerd) => {
    expect(eventPlace({ event_id: 'e', metadata: { triggerd } }, none).parentId).toBeNull();
  });
});

describe('where a launch belongs', () => {
  test('below the decision of its event, in the trace of that', () => {
    const launch = launched('l', 'e', { traceparent: PARENT });
    expect(launchPlace(launch, none)).toMatchObject({
      traceId: TRACE,
      parentId: decisionSpanId({ event_id: 'e', trigger_id: 't', at: launch.at }),
      isParentRemote: false,
    });
  });

  test('launches that a timer without an event decided together are one trace, another time another', () => {
    const one = { ...launched('a', null), workflow_name: 'v' };
    const two = launched('b', null);
    const later = { ...launched('c', null), at: two.at + 1 };
    expect(launchPlace(one, none)).toEqual(launchPlace(two, none));
    expect(launchPlace(later, none).traceId).not.toBe(launchPlace(two, none).traceId);
  });
});

describe('what goes out', () => {
  const launch = launched('l', 'e', { traceparent: PARENT, tracestate: 'a=b' });

  test('with spans of our own it names the attempt, and the launch', () => {
    const contexts = spanContexts(none);
    expect(contexts.ofAttempt(launch, 2)).toEqual({
      traceparent: `00-${TRACE}-${attemptSpanId(launch, 2)}-01`,
      tracestate: 'a=b',
    });
    expect(contexts.ofLaunch(launch)?.traceparent).toBe(`00-${TRACE}-${launchSpanId('l', 0)}-01`);
  });

  test('without, it is what came in', () => {
    expect(inheritedContexts.ofAttempt(launch, 2)).toEqual({ traceparent: PARENT, tracestate: 'a=b' });
    expect(inheritedContexts.ofLaunch(launched('l', 'e'))).toBeNull();
    expect(inheritedContexts.ofAttempt(launched('l', null), 1)).toBeNull();
  });

  test('a launch that is resumed or tried again goes out from the same trace; each attempt and each run has a span of its own', () => {
    const contexts = spanContexts(none);
    const resumed = structuredClone({ ...launch, status: 'running' as const, position: 9 });
    expect(contexts.ofAttempt(resumed, 1)).toEqual(contexts.ofAttempt(launch, 1));
    expect(contexts.ofAttempt(launch, 2)).not.toEqual(contexts.ofAttempt(launch, 1));
    const redriven = { ...launch, redriven_after: 2 };
    expect(contexts.ofLaunch(redriven)).not.toEqual(contexts.ofLaunch(launch));
  });

  test('what is not to be recorded goes out as such', () => {
    const quiet = launched('l', 'e', { traceparent: UNSAMPLED });
    expect(spanContexts(none).ofAttempt(quiet, 1)?.traceparent).toBe(
      `00-${TRACE}-${attemptSpanId(quiet, 1)}-00`,
    );
  });

  test('it is a trace context, whatever the ids, and different things have different spans', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.nat(), (launchId, eventId, number) => {
        const one = launched(launchId, eventId);
        const { ofAttempt } = spanContexts(none);
        const context = ofAttempt(one, number);
        expect(readTraceContext(context?.traceparent, null)).toEqual(context);
        const ids = [
          attemptSpanId(one, number),
          attemptSpanId(one, number + 1),
          launchSpanId(launchId, 0),
          launchSpanId(launchId, number + 1),
          eventSpanId(launchId),
          decisionSpanId({ event_id: launchId, trigger_id: launchId, at: number }),
          decisionSpanId({ event_id: null, trigger_id: launchId, at: number }),
        ];
        expect(new Set(ids).size).toBe(ids.length);
      }),
    );
  });
});
