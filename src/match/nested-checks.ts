import type { Json } from '../kernel/json.js';
import type { Check, ElementTest, Prepare } from './check.js';

/** The test holds for the length of a string (in characters) or array, or the number of an object's keys. */
export const size: Prepare = nested((test) => (value, scope) => {
  const measured = sizeOf(value);
  return measured !== undefined && scope !== null && test(measured, scope);
});

/** One of the array's elements satisfies the test. */
export const some: Prepare = nested(
  (test) => (value, scope) =>
    Array.isArray(value) && scope !== null && value.some((element: Json) => test(element, scope)),
);

/** Each of the array's elements satisfies the test; so does an empty array. */
export const every: Prepare = nested(
  (test) => (value, scope) =>
    Array.isArray(value) && scope !== null && value.every((element: Json) => test(element, scope)),
);

/** None of the array's elements satisfies the test; so does an empty array. */
export const no: Prepare = nested(
  (test) => (value, scope) =>
    Array.isArray(value) && scope !== null && !value.some((element: Json) => test(element, scope)),
);

function nested(check: (test: ElementTest) => Check): Prepare {
  return ({ test }, tools) => (test === undefined ? undefined : check(tools.nested(test)));
}

function sizeOf(value: Json): number | undefined {
  if (typeof value === 'string') return characters(value);
  if (Array.isArray(value)) return value.length;
  return typeof value === 'object' && value !== null ? Object.keys(value).length : undefined;
}

/** Code points: what a reader counts. */
function characters(text: string): number {
  let count = text.length;
  for (let i = 1; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0xdc00 || unit > 0xdfff) continue;
    const before = text.charCodeAt(i - 1);
    if (before >= 0xd800 && before <= 0xdbff) count--;
  }
  return count;
}
