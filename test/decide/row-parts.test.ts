import { describe, expect, test } from 'vitest';
import { createDecider, type Decider } from '../../src/decide/decider.js';
import type { Event } from '../../src/model/event.js';
import { event, rules } from '../support/rules.js';

const START = Date.UTC(2026, 0, 1);

/** A decider whose rows are kept as a store keeps them. */
function kept(text: string, rows = new Map<string, string>(), inlineMaxChars = 0) {
  const { ruleset, matcher, reducers } = rules(text);
  const decider: Decider = createDecider({
    ruleset,
    matcher,
    reducers,
    tracking: true,
    inlineMaxChars,
    snapshot: { now: START, rows: [...rows].map(([key, value]) => ({ key, value })) },
  });
  const keep = (): number => {
    const changes = decider.changes();
    for (const { key, value } of changes) {
      if (value === null) rows.delete(key);
      else rows.set(key, value);
    }
    return changes.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
  };
  return {
    decider,
    rows,
    /** How many characters are written for it. */
    send(fields: Partial<Event> & Pick<Event, 'event_id'>, at: number): number {
      decider.event(event({ event_type: 'x', ...fields }), at, at);
      return keep();
    },
    firings: (fields: Partial<Event> & Pick<Event, 'event_id'>, at: number) => {
      const { firings } = decider.event(event({ event_type: 'x', ...fields }), at, at);
      keep();
      return firings;
    },
    parts: () => [...rows.keys()].filter((key) => key.includes('\npart\n')).length,
    reset: () => {
      decider.reset(0, null);
      keep();
    },
  };
}

const WINDOW = (more = '') => `
triggers:
  - trigger_id: many
    event_types: [x]
    condition: { threshold_reached: { aggregate: count, at_least: 1000, within: 1h${more} } }
    workflow_name: note
workflows: { note: { executor: log } }
`;
const payload = { pad: 'x'.repeat(1_000) };

describe('a large window', () => {
  test('costs what changes of it, not what it holds', () => {
    const { send, parts } = kept(WINDOW());
    const sizes = Array.from({ length: 300 }, (_, i) => send({ event_id: `e${i}`, payload }, START + i));
    expect(parts()).toBe(300);
    // The event, and a reference to each of those before it.
    expect(sizes[299]).toBeLessThan(2_000 + 300 * 20);
  });

  test('lets its parts go with it', () => {
    const { send, parts, reset, rows } = kept(WINDOW());
    for (let i = 0; i < 10; i++) send({ event_id: `e${i}`, payload }, START + i);
    send({ event_id: 'late', payload }, START + 2 * 3_600_000);
    expect(parts()).toBe(1);
    reset();
    expect([...rows.keys()]).toEqual([]);
  });

  test('is kept whole while it is small', () => {
    const { send, parts } = kept(WINDOW(), new Map(), 16_384);
    for (let i = 0; i < 5; i++) send({ event_id: `e${i}`, payload }, START + i);
    expect(parts()).toBe(0);
    for (let i = 5; i < 50; i++) send({ event_id: `e${i}`, payload }, START + i);
    expect(parts()).toBe(50);
  });

  test('is left with its parts when it belongs to another condition now', () => {
    const { rows, send } = kept(WINDOW());
    for (let i = 0; i < 3; i++) send({ event_id: `e${i}`, payload }, START + i);
    const { decider } = kept(WINDOW(', minimum_events: 2'), rows);
    expect(decider.left.map(({ key, why }) => [key.split('\n')[1], why])).toEqual([
      ['condition', 'changed'],
      ['part', 'changed'],
      ['part', 'changed'],
      ['part', 'changed'],
    ]);
    const gone = kept(WINDOW().replace('trigger_id: many', 'trigger_id: other'), rows);
    expect(new Set(gone.decider.left.map(({ why }) => why))).toEqual(new Set(['no trigger']));
    expect(gone.decider.left).toHaveLength(4);
  });

  test('of which a part is missing is left, and said to be', () => {
    const { rows, send } = kept(WINDOW());
    for (let i = 0; i < 3; i++) send({ event_id: `e${i}`, payload }, START + i);
    rows.delete([...rows.keys()].find((key) => key.includes('\npart\n1 ')) ?? '');
    const { decider } = kept(WINDOW(), rows);
    expect(decider.left.map(({ why }) => why)).toEqual(['changed', 'changed', 'changed']);
  });
});

test.each([[{ '#': 0 }], [{ '#': 0, event: 1, arrivedAt: 2, index: 3 }], [[{ '#': { '#': 1 } }]]])(
  'what a payload brings that looks like a reference stays what it is: %j',
  (value) => {
    const changes = `
triggers:
  - trigger_id: changed
    event_types: [x]
    condition: { value_changed: { field: payload.value } }
    workflow_name: note
workflows: { note: { executor: log } }
`;
    const first = kept(changes);
    first.send({ event_id: 'a', payload: { value } }, START);
    const second = kept(changes, first.rows);
    expect(second.firings({ event_id: 'b', payload: { value } }, START + 1)).toEqual([]);
    expect(second.firings({ event_id: 'c', payload: { value: 1 } }, START + 2)).toHaveLength(1);
  },
);
