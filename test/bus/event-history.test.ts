import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createHistory } from '../../src/bus/event-history.js';
import { propertyRuns } from '../support/property-runs.js';

test('a history is the end of the list of everything that was added', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 7 }),
      fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 30 }),
      fc.integer({ min: 0, max: 9 }),
      (capacity, added, limit) => {
        const history = createHistory<number>(capacity);
        for (const item of added) history.add(item);
        const kept = capacity === 0 ? [] : added.slice(-capacity);
        const isEven = (item: number): boolean => item % 2 === 0;
        const last = (items: readonly number[]): readonly number[] =>
          limit === 0 ? [] : items.slice(-limit);
        expect(history.size).toBe(kept.length);
        expect(history.newest(limit)).toEqual(last(kept));
        expect(history.newest(limit, isEven)).toEqual(last(kept.filter(isEven)));
      },
    ),
    propertyRuns(0.1),
  );
});
