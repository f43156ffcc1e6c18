import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createTimers, type Timer } from '../../src/decide/timers.js';

test('timers come out by due time, then by insertion, whatever was cancelled meanwhile', () => {
  const command = fc.oneof(
    fc.record({ kind: fc.constant('add' as const), dueAt: fc.nat(20) }),
    fc.record({ kind: fc.constant('cancel' as const), at: fc.nat(50) }),
    fc.record({ kind: fc.constant('take' as const) }),
  );
  fc.assert(
    fc.property(fc.array(command, { maxLength: 300 }), (commands) => {
      const timers = createTimers();
      const all: Timer[] = [];
      let waiting: Timer[] = [];
      for (const step of commands) {
        if (step.kind === 'add') {
          const timer = timers.add({
            dueAt: step.dueAt,
            trigger: 0,
            owner: 'condition',
            groupKey: '',
            purpose: `${all.length}`,
          });
          all.push(timer);
          waiting.push(timer);
        } else if (step.kind === 'cancel') {
          const timer = all[step.at];
          if (timer) timers.cancel(timer);
          waiting = waiting.filter((other) => other !== timer);
        } else {
          const expected =
            [...waiting].sort((a, b) => a.dueAt - b.dueAt || a.sequence - b.sequence)[0] ?? null;
          expect(timers.nextDue()).toBe(expected?.dueAt ?? null);
          expect(timers.take()).toBe(expected);
          waiting = waiting.filter((other) => other !== expected);
        }
      }
      expect(timers.list()).toEqual(
        [...waiting].sort((a, b) => a.dueAt - b.dueAt || a.sequence - b.sequence),
      );
    }),
  );
});
