import type { TopLevelCondition } from 'json-rules-engine';
import type { Json } from '../kernel/json.js';
import type { Scope } from './scope.js';
import type { Wanted } from './wanted.js';

/** An operator with its operand prepared, asked of a value that is there. Never throws. */
export type Check = (value: Json, scope: Scope | null) => boolean;

/** A nested test asked of one element. */
export type ElementTest = (element: Json, scope: Scope) => boolean;

/** What preparing an operator may need beside its operand. */
export interface Tools {
  nested(conditions: TopLevelCondition): ElementTest;
}

/** Prepares an operator; undefined when the operand is none it can take: then nothing passes, its negation included. */
export type Prepare = (wanted: Wanted, tools: Tools) => Check | undefined;

/** The value is there and the check fails. */
export function negated(prepare: Prepare): Prepare {
  return (wanted, tools) => {
    const check = prepare(wanted, tools);
    return check === undefined ? undefined : (value, scope) => !check(value, scope);
  };
}
