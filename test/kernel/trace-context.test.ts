import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  parentOf,
  readTraceContext,
  traceIn,
  traceMetadata,
  writeTraceContext,
} from '../../src/kernel/trace-context.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';
const hex = (length: number) =>
  fc
    .array(fc.constantFrom(...'0123456789abcdef'), { minLength: length, maxLength: length })
    .map((digits) => digits.join(''))
    .filter((digits) => /[^0]/.test(digits));

describe('a trace context', () => {
  test.each<[what: string, traceparent: string, read: string | null]>([
    ['as it is', `00-${TRACE}-${SPAN}-01`, `00-${TRACE}-${SPAN}-01`],
    ['of a later version, as far as it is known', `cc-${TRACE}-${SPAN}-01-more`, `00-${TRACE}-${SPAN}-01`],
    ['of a later version that says no more', `01-${TRACE}-${SPAN}-00`, `00-${TRACE}-${SPAN}-00`],
    ['of a later version that runs on', `01-${TRACE}-${SPAN}-00x`, null],
    ['of the version that is none', `ff-${TRACE}-${SPAN}-01`, null],
    ['with more than its version has', `00-${TRACE}-${SPAN}-01-more`, null],
    ['of no trace', `00-${'0'.repeat(32)}-${SPAN}-01`, null],
    ['of no span', `00-${TRACE}-${'0'.repeat(16)}-01`, null],
    ['in capitals', `00-${TRACE.toUpperCase()}-${SPAN}-01`, null],
    ['with space around', ` 00-${TRACE}-${SPAN}-01`, null],
    ['of nothing', '', null],
  ])('%s', (_what, traceparent, read) => {
    expect(readTraceContext(traceparent, null)?.traceparent ?? null).toBe(read);
  });

  test.each<[state: unknown, read: string | null]>([
    ['a=1,b=2', 'a=1,b=2'],
    ['', null],
    ['a=\u{e9}', null],
    ['a\r\nb: c', null],
    ['x'.repeat(513), null],
    [7, null],
  ])('the state %j is %j', (state, read) => {
    expect(readTraceContext(`00-${TRACE}-${SPAN}-01`, state)?.tracestate).toBe(read);
  });

  test.each([
    ['00', 0],
    ['01', 1],
    ['03', 3],
    ['fe', 2],
  ])('of the flags %s it passes on %i', (written, flags) => {
    const context = { traceparent: `00-${TRACE}-${SPAN}-${written}`, tracestate: null };
    expect(parentOf(context)).toEqual({ traceId: TRACE, spanId: SPAN, flags });
  });

  test('comes back as it was written, from a message and from metadata', () => {
    const flags = fc.constantFrom(0, 1, 2, 3);
    const state = fc.constantFrom(null, 'a=1', 'vendor=x,other=y');
    fc.assert(
      fc.property(hex(32), hex(16), flags, state, (traceId, spanId, known, tracestate) => {
        const written = writeTraceContext({ traceId, spanId, flags: known }, tracestate);
        expect(readTraceContext(written.traceparent, written.tracestate)).toEqual(written);
        expect(parentOf(written)).toEqual({ traceId, spanId, flags: known });
        expect(traceIn(traceMetadata(written))).toEqual(written);
      }),
    );
    expect(traceMetadata(null)).toEqual({});
    expect(traceIn({})).toBeNull();
  });
});
