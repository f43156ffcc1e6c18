import type { Json } from '../../kernel/json.js';
import type { Trigger } from '../../model/trigger.js';
import type { Finding } from './finding.js';
import { conjunctions, fieldTests, type PlacedTest } from './trigger-tests.js';
import { listOf } from './value-check.js';

/** Names of fields that usually hold numbers. */
const NUMBER_NAMES =
  /(?:^|[._])(?:count|total|amount|price|percent|size|bytes|ms|seconds|minutes|hours|duration|quantity|score|attempts?|retries|limit|age|rate|depth|length)$/;

/** Finds numeric texts compared with fields that hold numbers elsewhere in the folder, or by their name. */
export function numericString(triggers: readonly Trigger[]): readonly Finding[] {
  const numeric = new Set<string>();
  const texts: { readonly placed: PlacedTest; readonly trigger: Trigger; readonly text: string }[] = [];
  for (const trigger of triggers) {
    for (const { tests } of conjunctions(trigger)) {
      for (const placed of tests.flatMap((one) => [...fieldTests(one)])) {
        const { operand, operator, reading } = placed.test;
        if (operand.kind !== 'literal' || reading.as !== undefined) continue;
        const values = listOf(operand.value);
        if (values.some((value) => typeof value === 'number')) numeric.add(keyOf(placed));
        if (!EQUALITIES.has(operator)) continue;
        const text = values.find(isNumericText);
        if (text !== undefined) texts.push({ placed, trigger, text: text as string });
      }
    }
  }
  return texts
    .filter(({ placed }) => numeric.has(keyOf(placed)) || NUMBER_NAMES.test(placed.test.reading.path))
    .map(({ placed, trigger, text }) => ({
      code: 'numeric-string',
      origin: trigger.origin,
      pointer: placed.test.pointer,
      message: `${placed.test.reading.path} is compared with the text "${text}", and "${text}" is not the number ${text}`,
      hint: `write ${text} without quotes if the field holds a number`,
    }));
}

const EQUALITIES: ReadonlySet<string> = new Set(['equal', 'not_equal', 'in', 'not_in']);

function keyOf({ test, within }: PlacedTest): string {
  return [...within, test.reading.path].join(' ');
}

function isNumericText(value: Json): boolean {
  return typeof value === 'string' && value !== '' && String(Number(value)) === value && value !== 'NaN';
}
