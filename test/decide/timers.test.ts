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
      const left = [...waiting].sort((a, b) => a.dueAt - b.dueAt || a.sequence - b.sequence);
      for (const expected of left) expect(timers.take()).toBe(expected);
      expect(timers.take()).toBeNull();
    }),
  );
});

test('timers that fell due while nothing ran wait, and then come by due time', () => {
  const timers = createTimers();
  const add = (dueAt: number, purpose: string): void => {
    timers.add({ dueAt, trigger: 0, owner: 'condition', groupKey: '', purpose });
  };
  add(30, 'later');
  add(20, 'waits');
  add(10, 'waits');
  add(15, 'goes');
  timers.postpone(25, 100, (timer) => timer.purpose === 'waits');
  const taken = [];
  for (let timer = timers.take(); timer !== null; timer = timers.take())
    taken.push([timer.purpose, timer.dueAt, timer.runAt]);
  expect(taken).toEqual([
    ['goes', 15, 15],
    ['later', 30, 30],
    ['waits', 10, 100],
    ['waits', 20, 100],
  ]);
});
