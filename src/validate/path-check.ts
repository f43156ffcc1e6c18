import { isPathProblem, parsePath } from '../kernel/path.js';
import { suggest } from '../kernel/suggest.js';
import { EVENT_FIELDS } from '../model/event.js';

/** Where a path stands, which decides what it may start with. */
export type PathPlace = 'event' | 'event-or-item' | 'element';

export interface PathFault {
  readonly code: 'path-invalid' | 'path-root';
  readonly message: string;
  readonly hint: string;
}

const ROOTS: ReadonlySet<unknown> = new Set(EVENT_FIELDS);
/** What other systems and CloudEvents call a field of the event. */
const FOREIGN_ROOTS: Readonly<Record<string, string>> = {
  type: 'event_type',
  id: 'event_id',
  time: 'timestamp',
  subject: 'target',
  data: 'payload',
  detail: 'payload',
  body: 'payload',
  user: 'user_id',
  session: 'session_id',
};
const CACHED = 50_000;
const caches: Readonly<Record<PathPlace, Map<string, PathFault | null>>> = {
  event: new Map(),
  'event-or-item': new Map(),
  element: new Map(),
};

/** What is wrong with a path, or null. Equal paths are asked once: a folder has thousands of them and few distinct ones. */
export function pathFault(path: string, place: PathPlace): PathFault | null {
  const cache = caches[place];
  const known = cache.get(path);
  if (known !== undefined) return known;
  const fault = findFault(path, place);
  if (cache.size >= CACHED) cache.clear();
  cache.set(path, fault);
  return fault;
}

function findFault(path: string, place: PathPlace): PathFault | null {
  const steps = parsePath(path);
  if (isPathProblem(steps)) {
    return {
      code: 'path-invalid',
      message: `${JSON.stringify(path)} is not a path: ${steps.message}`,
      hint: /\s/.test(path) ? 'write payload["a b"] for a key with spaces' : steps.hint,
    };
  }
  if (place === 'element') return null;
  const [root] = steps;
  if (ROOTS.has(root)) return null;
  if (root === 'item' && place === 'event-or-item') return null;
  return { code: 'path-root', message: rootMessage(path, root), hint: rootHint(path, root) };
}

function rootMessage(path: string, root: unknown): string {
  if (root === 'item') return `${path} reads item, which is there in a trigger with for_each only`;
  return root === undefined
    ? '. is the element of a list, and there is none here'
    : `${path} does not start at a field of the event`;
}

function rootHint(path: string, root: unknown): string {
  if (root === 'item') return 'add for_each: payload.…, or test the elements with some:';
  if (root === undefined) return 'write a path such as payload.amount';
  if (root === '$' || root === 'event') {
    const rest = path.slice(String(root).length).replace(/^\./, '');
    return `leave out ${String(root)}: ${rest === '' ? 'payload.amount' : rest}`;
  }
  if (typeof root === 'string') {
    const rest = path.startsWith(root) ? path.slice(root.length) : '';
    const own = Object.hasOwn(FOREIGN_ROOTS, root) ? FOREIGN_ROOTS[root] : undefined;
    if (own !== undefined) return `did you mean ${own}${rest}? Data of the payload is payload.${path}`;
    const near = suggest(root, EVENT_FIELDS);
    if (near !== undefined) return `did you mean ${near}${rest}, or payload.${path}?`;
  }
  return `did you mean ${path.startsWith('[') ? 'payload' : 'payload.'}${path}?`;
}
