import type { Json } from '../kernel/json.js';
import { isPathProblem, parsePath } from '../kernel/path.js';
import { EVENT_FIELDS } from '../model/event.js';
import type { Test } from '../model/test.js';
import type { BuildContext } from '../ports/condition-kind.js';

const ROOTS: ReadonlySet<unknown> = new Set([...EVENT_FIELDS, 'item']);
/** Stands in for a path that has been reported already, so that its test is still checked and the path not twice. */
const ANY_PATH = 'payload.field';

function isReadable(path: string): boolean {
  const steps = parsePath(path);
  return !isPathProblem(steps) && ROOTS.has(steps[0]);
}

/**
 * A test that stands apart from the field it is about (`field: payload.state`, `from: up`), normalised as if they stood
 * together in a field-test map. What it becomes points at the test, there being no map in the document.
 */
export function testOfField(field: string, test: Json, pointer: string, context: BuildContext): Test {
  const normalised = context.tests({ [isReadable(field) ? field : ANY_PATH]: test }, pointer);
  return withoutPathSegment(normalised, pointer);
}

function withoutPathSegment(test: Test, pointer: string): Test {
  const own = dropSegment(test.pointer, pointer);
  switch (test.kind) {
    case 'all':
    case 'any':
      return {
        ...test,
        tests: test.tests.map((member) => withoutPathSegment(member, pointer)),
        pointer: own,
      };
    case 'not':
      return { ...test, test: withoutPathSegment(test.test, pointer), pointer: own };
    case 'field':
      return { ...test, pointer: own };
  }
}

/** `/condition/x/from` + `/payload.state/at_least` → `/condition/x/from/at_least`. */
function dropSegment(pointer: string, base: string): string {
  if (!pointer.startsWith(`${base}/`)) return pointer;
  const next = pointer.indexOf('/', base.length + 1);
  return next === -1 ? base : base + pointer.slice(next);
}
