import { createNetworks, networkProblem } from '../kernel/cidr.js';
import type { Json } from '../kernel/json.js';
import { createRegex, regexProblem } from '../kernel/regex.js';
import { wildcardParts } from '../kernel/wildcard.js';
import type { Prepare } from './check.js';
import { folded, type Wanted } from './wanted.js';

/** The texts of an operand: itself, or those of a list. Undefined when it is neither. */
function textsOf(literal: Json | undefined): readonly string[] | undefined {
  if (typeof literal === 'string') return [literal];
  if (!Array.isArray(literal)) return undefined;
  return literal.filter((one) => typeof one === 'string');
}

type TextTest = (value: string) => boolean;

/** Holds for a string when one of the operand's texts does; with `ignore_case` both sides are lower-cased. */
function anyText(test: (text: string) => TextTest): Prepare {
  return (wanted) => {
    const tests = textsOf(folded(wanted))?.map(test);
    if (tests === undefined) return undefined;
    const holds = oneTest(tests);
    if (wanted.modifiers.ignore_case)
      return (value) => typeof value === 'string' && holds(value.toLowerCase());
    return (value) => typeof value === 'string' && holds(value);
  };
}

function oneTest(tests: readonly TextTest[]): TextTest {
  const [first] = tests;
  if (tests.length === 1 && first !== undefined) return first;
  return (value) => tests.some((test) => test(value));
}

export const startsWith: Prepare = anyText((text) => (value) => value.startsWith(text));
export const endsWith: Prepare = anyText((text) => (value) => value.endsWith(text));
export const wildcard: Prepare = anyText((pattern) => {
  const parts = wildcardParts(pattern);
  return (value) => fitsWildcard(value, parts);
});

/** The parts stand in this order, the first at the start, the last at the end; leftmost places suffice. */
function fitsWildcard(value: string, parts: readonly string[]): boolean {
  const [first = '', ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return value === first;
  if (!value.startsWith(first) || value.length < first.length + last.length || !value.endsWith(last))
    return false;
  let from = first.length;
  const end = value.length - last.length;
  for (const part of rest) {
    const at = value.indexOf(part, from);
    if (at < 0 || at + part.length > end) return false;
    from = at + part.length;
  }
  return true;
}

/** A linear-time regular expression finds a match. The pattern of another field may be none: then it matches nothing. */
export const matches: Prepare = ({ literal, modifiers }: Wanted) => {
  const tests = textsOf(literal)?.map((pattern) => regexTest(pattern, modifiers.ignore_case === true));
  if (tests === undefined) return undefined;
  const holds = oneTest(tests);
  return (value) => typeof value === 'string' && holds(value);
};

function regexTest(pattern: string, ignoreCase: boolean): TextTest {
  const regex = createRegex(pattern, ignoreCase);
  let usable: boolean | undefined;
  return (value) => {
    usable ??= regexProblem(pattern) === undefined;
    return usable && regex.test(value);
  };
}

/** An address in one of the networks; a text that is no network holds none. */
export const inCidr: Prepare = ({ literal }) => {
  const texts = textsOf(literal);
  if (texts === undefined) return undefined;
  const networks = createNetworks(texts.filter((text) => networkProblem(text) === undefined));
  return (value) => typeof value === 'string' && networks.contains(value);
};
