import type { FieldTest, Test } from '../../model/test.js';
import type { Trigger } from '../../model/trigger.js';

/** Tests that one kind of event must pass together, and the event types they are asked of. */
export interface Conjunction {
  /** The role of the listener; `completion` for what the completing event must pass beside. */
  readonly role: string;
  readonly eventTypes: readonly string[];
  readonly tests: readonly Test[];
}

/** What a trigger asks of events: its own tests, or those of each listener of a condition that remembers. */
export function conjunctions(trigger: Trigger): readonly Conjunction[] {
  const { memory } = trigger;
  if (memory === null)
    return [{ role: 'match', eventTypes: trigger.event_types, tests: [trigger.filters, trigger.condition] }];
  return [
    ...memory.listeners.map(({ role, event_types, test }) => ({
      role,
      eventTypes: event_types,
      tests: [test],
    })),
    { role: 'completion', eventTypes: trigger.event_types, tests: [memory.completion] },
  ];
}

/** A field test, where it is asked: `base` is the path of the elements it is asked of, ending in `*`. */
export interface PlacedTest {
  readonly test: FieldTest;
  /** Paths around it, outermost first: those of `some`, `every`, `no`. */
  readonly within: readonly string[];
  /** Under `not` or `none`. */
  readonly negated: boolean;
}

/** Every field test of a tree, those of elements included; the tests of a size are about no field. */
export function* fieldTests(
  test: Test,
  within: readonly string[] = [],
  negated = false,
): Generator<PlacedTest> {
  switch (test.kind) {
    case 'all':
    case 'any':
      for (const member of test.tests) yield* fieldTests(member, within, negated);
      return;
    case 'not':
      yield* fieldTests(test.test, within, !negated);
      return;
    case 'field':
      yield { test, within, negated };
      if (test.operand.kind === 'test' && test.operator !== 'size')
        yield* fieldTests(
          test.operand.test,
          [...within, test.reading.path],
          negated !== (test.operator === 'no'),
        );
  }
}

/** Members of an `all`, nested ones opened. */
export function members(tests: readonly Test[]): readonly Test[] {
  return tests.flatMap((test) => (test.kind === 'all' ? members(test.tests) : [test]));
}
