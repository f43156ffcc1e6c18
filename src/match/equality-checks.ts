import { deepEqual, typeOf, type Json } from '../kernel/json.js';
import { lowerCase } from './convert.js';
import type { Check, Prepare } from './check.js';
import { folded } from './wanted.js';

/** Same JSON type and same value, deep for objects and arrays. */
export const equal: Prepare = (wanted) => {
  const literal = folded(wanted);
  return literal === undefined ? undefined : foldedWhen(wanted.modifiers.ignore_case, sameAs(literal));
};

/** Equal to one of a list. */
export const isIn: Prepare = (wanted) => {
  const list = folded(wanted);
  if (!Array.isArray(list)) return undefined;
  return foldedWhen(wanted.modifiers.ignore_case, oneOf(list));
};

/** Has this JSON type, or one of a list of them. */
export const type: Prepare = ({ literal }) => {
  const types: readonly Json[] = Array.isArray(literal) ? literal : [literal];
  if (!types.every((one) => typeof one === 'string')) return undefined;
  return (value) => types.includes(typeOf(value));
};

/** Substring of a string, or member of an array; of a list of operands any. */
export const contains: Prepare = (wanted) => {
  const literal = folded(wanted);
  if (literal === undefined) return undefined;
  const members: readonly Json[] = Array.isArray(literal) ? literal : [literal];
  const texts = members.filter((member) => typeof member === 'string');
  const isMember = oneOf(members);
  return foldedWhen(wanted.modifiers.ignore_case, (value, scope) => {
    if (typeof value === 'string') return texts.some((text) => value.includes(text));
    return Array.isArray(value) && value.some((element: Json) => isMember(element, scope));
  });
};

function foldedWhen(ignoreCase: boolean | undefined, check: Check): Check {
  return ignoreCase ? (value, scope) => check(lowerCase(value), scope) : check;
}

function sameAs(wanted: Json): Check {
  if (typeof wanted !== 'object' || wanted === null) return (value) => value === wanted;
  return (value) => deepEqual(value, wanted);
}

function oneOf(list: readonly Json[]): Check {
  const scalars = new Set<Json>();
  const others: Json[] = [];
  for (const member of list) {
    if (typeof member === 'object' && member !== null) others.push(member);
    else scalars.add(member);
  }
  if (others.length === 0) return (value) => scalars.has(value);
  return (value) => scalars.has(value) || others.some((member) => deepEqual(value, member));
}
