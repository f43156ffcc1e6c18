import { Fault } from '../kernel/fault.js';
import type { Json } from '../kernel/json.js';
import { type BoundedCache, createBoundedCache } from './bounded-cache.js';
import { isOwnKey } from './own-key.js';
import { isPathProblem, parsePath, readSteps, type PathSteps } from '../kernel/path.js';
import type { EncodedField, EncodedReading, Modifiers } from '../model/condition-json.js';
import { FieldValue, Found, type Scope } from './scope.js';

/** Reads one value: from `root` (the event, or inside a nested test the element), or from the scope's item. */
export type Read = (root: Json | undefined, scope: Scope) => Json | undefined;

/** A leaf's reading, ready to read. */
export interface CompiledReading {
  /** As written in the rule. */
  readonly path: string;
  /** The value, `absent` where the field is missing. */
  readonly read: Read;
  readonly scoped: boolean;
}

/** Where the paths of a condition tree start. */
export type Origin = 'event' | 'element';

const READINGS_KEPT = 10_000;
const readings: Readonly<Record<Origin, BoundedCache<CompiledReading>>> = {
  event: createBoundedCache(READINGS_KEPT),
  element: createBoundedCache(READINGS_KEPT),
};

/** Compiles the `path` of a leaf. Rules that read the same share one reading: few fields are read by many. */
export function compileReading(text: string, origin: Origin): CompiledReading {
  return readings[origin].get(text, () => makeReading(text, origin));
}

function makeReading(text: string, origin: Origin): CompiledReading {
  const encoded: EncodedReading = text.startsWith('{')
    ? (JSON.parse(text) as EncodedReading)
    : { path: text };
  const read = compilePath(encoded.path, origin);
  const { absent } = encoded;
  return {
    path: encoded.path,
    read:
      absent === undefined
        ? read
        : (root, scope) => {
            const value = read(root, scope);
            return value === undefined ? absent : value;
          },
    scoped: encoded.scoped === true,
  };
}

/** Another field as operand, ready to read. It is always a field of the event (or of `item`). */
export interface CompiledField {
  readonly path: string;
  readonly modifiers: Modifiers;
  read(scope: Scope): Json | undefined;
}

/** Compiles the `path` of an operand that is another field. */
export function compileField(text: string): CompiledField {
  const { operand, ...modifiers } = JSON.parse(text) as EncodedField;
  const read = compilePath(operand, 'event');
  return { path: operand, modifiers, read: (scope) => read(scope.event as unknown as Json, scope) };
}

function compilePath(text: string, origin: Origin): Read {
  const steps = pathSteps(text);
  if (origin === 'event' && steps[0] === 'item') return (_root, scope) => readSteps(scope.item, steps, 1);
  if (steps.length === 2) {
    const [first, second] = steps;
    if (isOwnKey(first) && isOwnKey(second)) return memberReader(first, second);
  }
  return (root) => readSteps(root, steps);
}

/** The common case, `payload.name`, without a loop. */
function memberReader(first: string, second: string): Read {
  return (root) => {
    if (!isMap(root)) return undefined;
    const object = root[first];
    return isMap(object) ? object[second] : undefined;
  };
}

function isMap(value: Json | undefined): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null;
}

/** Steps of a path that was validated. */
export function pathSteps(text: string): PathSteps {
  const steps = parsePath(text);
  if (isPathProblem(steps)) throw new Fault('internal', `a rule with the path ${text} was not validated`);
  return steps;
}

const resolvers: BoundedCache<(scope: Scope) => unknown> = createBoundedCache(READINGS_KEPT);

/**
 * The path resolver a json-rules-engine `Engine` needs for our rules: the fact is a scope, the path an encoded reading or
 * operand. Own properties only; nothing in a path is code.
 */
export function pathResolver(fact: object, path: string): unknown {
  return resolvers.get(path, () => compileResolver(path))(fact as Scope);
}

function compileResolver(text: string): (scope: Scope) => unknown {
  if (text.startsWith('{"operand"')) {
    const field = compileField(text);
    return (scope) => new FieldValue(field.read(scope), field.modifiers);
  }
  const { read, scoped } = compileReading(text, 'event');
  if (!scoped) return (scope) => read(scope.event as unknown as Json, scope);
  return (scope) => new Found(read(scope.event as unknown as Json, scope), scope);
}
