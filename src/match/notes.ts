import { isObject, preview, typeOf, type Json } from '../kernel/json.js';
import { formatPath, readSteps, type PathStep } from '../kernel/path.js';
import { suggest } from '../kernel/suggest.js';
import { parseTime } from '../kernel/time.js';
import { convert } from './convert.js';
import { pathSteps, type CompiledField } from './reading.js';
import type { Scope } from './scope.js';
import { decodeOperand } from './wanted.js';

/** A leaf that failed, as a note needs to know it. */
export interface FailedTest {
  readonly path: string;
  readonly operator: string;
  /** The `value` of the leaf, as in the ruleset. */
  readonly operand: unknown;
  readonly field: CompiledField | null;
  readonly found: Json | undefined;
  /** The same test asked without regard to case; null where that would be the same test. */
  readonly ignoringCase: (() => boolean) | null;
}

/** What else helps a person to see why a test failed; null when the values say it all. */
export function noteOn(test: FailedTest, scope: Scope): string | null {
  const { found, field } = test;
  if (found === undefined) return missingNote(test.path, scope);
  if (field !== null) {
    const value = field.read(scope);
    return value === undefined ? `${field.path} is not there` : `${field.path} is ${preview(value)}`;
  }
  return conversionNote(test, found) ?? typeNote(test, found) ?? caseNote(test);
}

/** Where the path leaves what is there, and which name was probably meant. */
function missingNote(path: string, { event, item }: Scope): string | null {
  const steps = pathSteps(path);
  const [root, from]: readonly [Json, number] =
    steps[0] === 'item' ? [item, 1] : [event as unknown as Json, 0];
  for (let length = from; length < steps.length; length++) {
    if (readSteps(root, steps.slice(0, length + 1), from) !== undefined) continue;
    const parent = readSteps(root, steps.slice(0, length), from) as Json;
    const name = length === 0 ? 'the event' : formatPath(steps.slice(0, length));
    return absentStep(name, parent, steps[length] as PathStep);
  }
  return null;
}

function absentStep(name: string, parent: Json, step: PathStep): string | null {
  if (Array.isArray(parent)) {
    if (typeof step === 'number' || /^\d+$/.test(step))
      return `no such element; ${name} has ${parent.length} of them`;
    return `no such field; ${name} is an array: test its elements with some:`;
  }
  if (!isObject(parent)) return `no such field; ${name} is ${described(parent)}`;
  if (typeof step === 'number') return `no such element; ${name} is an object`;
  const near = suggest(step, Object.keys(parent));
  return near === undefined ? null : `no such field; ${name} has ${near}`;
}

const CONVERTED = { number: 'a number', string: 'a string', text: 'a string', time: 'a time' } as const;

function conversionNote({ operand, field }: FailedTest, found: Json): string | null {
  const as = field === null ? decodeOperand(operand)?.modifiers.as : field.modifiers.as;
  if (as === undefined || convert(found, as) !== undefined) return null;
  return `as: ${as} cannot make ${CONVERTED[as]} of ${described(found)}`;
}

const POSITIVE_TEXT = new Set(['matches', 'starts_with', 'ends_with', 'wildcard']);
const COMPARING = new Set(['equal', 'in', 'greater_than', 'at_least', 'less_than', 'at_most', 'between']);

/** The value is of another type than what the test wants, and the language has a word for it. */
function typeNote({ operator, operand }: FailedTest, found: Json): string | null {
  const wanted = decodeOperand(operand);
  if (wanted === null || wanted.literal === undefined || wanted.modifiers.as !== undefined) return null;
  const { literal, modifiers } = wanted;
  if (POSITIVE_TEXT.has(operator)) return typeof found === 'string' ? null : toString(found, 'a string');
  if (!COMPARING.has(operator) || modifiers.rank) return null;
  const bounds: readonly Json[] = Array.isArray(literal) ? literal : [literal];
  const all = (type: string): boolean => bounds.length > 0 && bounds.every((one) => typeof one === type);
  if (all('number') && typeof found === 'string') {
    const converts = convert(found, 'number') !== undefined ? ': as: number converts' : '';
    return `a string, the test wants a number${converts}`;
  }
  if (!all('string')) return null;
  const ordered = operator !== 'equal' && operator !== 'in';
  if (ordered && typeof found === 'string')
    return parseTime(found) === undefined ? 'not an RFC 3339 time, which the test wants' : null;
  if (ordered) {
    const converts = typeof found === 'number' ? ': as: time converts' : '';
    return `${described(found)}, the test wants an RFC 3339 time${converts}`;
  }
  return typeof found === 'string' ? null : toString(found, 'a string');
}

function toString(found: Json, wanted: string): string | null {
  const converts = convert(found, 'string') !== undefined ? ': as: string converts' : '';
  return `${described(found)}, the test wants ${wanted}${converts}`;
}

function caseNote({ ignoringCase }: FailedTest): string | null {
  return ignoringCase?.() ? 'differs only in case: ignore_case: true takes it' : null;
}

function described(value: Json): string {
  const type = typeOf(value);
  if (type === 'null') return 'null';
  return `${type === 'array' || type === 'object' ? 'an' : 'a'} ${type}`;
}
