import type { Json } from '../kernel/json.js';
import { isPathProblem, parsePath, readSteps, type PathSteps } from '../kernel/path.js';
import { readMember } from './read-member.js';

/** A template that is one path and nothing else: read without a template engine. */
export interface PlainPath {
  readonly path: string;
  read(scope: Readonly<Record<string, Json>>): Json | undefined;
}

/**
 * What Liquid and our paths spell alike. Left out on purpose: white-space control (`{{-`), single quotes, escapes in
 * quotes, and names ending in a dash, which Liquid reads as white-space control before `}}`.
 */
const PLAIN = /^\{\{\s*([A-Za-z_](?:[\w-]*\w)?(?:\.(?:\w|[\w-]*\w)|\[-?\d{1,7}\]|\["[^"\\\]]*"\])*)\s*\}\}$/;

/** Steps that mean something on lists and texts, where a path of the kernel finds nothing. */
const BUILT_IN: ReadonlySet<unknown> = new Set(['size', 'first', 'last']);

/** The path of a template that is a plain one from one of the root names; undefined for any other template. */
export function plainPath(template: string, roots: readonly string[]): PlainPath | undefined {
  const path = PLAIN.exec(template)?.[1];
  if (path === undefined) return undefined;
  const steps = parsePath(path);
  if (isPathProblem(steps)) return undefined;
  const root = steps[0];
  if (typeof root !== 'string' || !roots.includes(root)) return undefined;
  return { path, read: readerOf(root, steps) };
}

function readerOf(root: string, steps: PathSteps): PlainPath['read'] {
  if (steps.some((step, index) => index > 0 && BUILT_IN.has(step))) {
    return (scope) => {
      let value: Json | undefined = scope[root];
      for (let i = 1; i < steps.length; i++) value = readMember(value, steps[i]);
      return value;
    };
  }
  return (scope) => readSteps(scope[root], steps, 1);
}
