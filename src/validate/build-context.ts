import { parseDuration } from '../kernel/duration.js';
import type { DiagnosticCode } from '../kernel/codes.js';
import { isObject, ownValue, preview, type Json } from '../kernel/json.js';
import type { Test } from '../model/test.js';
import type { BuildContext } from '../ports/condition-kind.js';
import { readFieldTests, type TestContext } from './field-test-map.js';
import type { FolderContext } from './folder-context.js';
import { checkRegex } from './operand-texts.js';
import { pathFault, type PathPlace } from './path-check.js';
import { escapeKey, valueAt } from '../kernel/pointer.js';
import type { Reporter } from './reporter.js';
import { DURATION_HINT } from './schemas/common.js';
import { valueWord } from './words.js';

/** What the parts of one trigger share. */
export interface TriggerScope {
  readonly reporter: Reporter;
  readonly folder: FolderContext;
  /** Whether paths may start at `item`. */
  readonly fields: Exclude<PathPlace, 'element'>;
}

export function testContext({ reporter, folder, fields }: TriggerScope): TestContext {
  return {
    variables: folder.variables,
    place: fields,
    fields,
    report: (code, pointer, message, hint, part) => reporter.error(code, pointer, message, hint, part),
  };
}

/** Checks a field path that stands as a value; returns it. */
export function readPath(path: string, pointer: string, { reporter, fields }: TriggerScope): string {
  const fault = pathFault(path, fields);
  if (fault !== null) reporter.error(fault.code, pointer, fault.message, fault.hint);
  return path;
}

/** Checks a list of event types, each of which may end in a star. */
export function readEventTypes(
  types: readonly string[],
  pointer: string,
  { reporter, folder }: TriggerScope,
): readonly string[] {
  types.forEach((type, index) => {
    folder.eventTypes.check(type, `${pointer}/${index}`, reporter, true);
  });
  return types;
}

/** The tools a condition kind reads its settings with. */
export function createBuildContext(
  scope: TriggerScope,
  own: {
    readonly pointer: string;
    readonly eventTypes: readonly string[];
    readonly groupBy: readonly string[];
    readonly filters: Test;
  },
): BuildContext {
  const { reporter } = scope;
  const tests = testContext(scope);
  const report = (code: DiagnosticCode, pointer: string, message: string, hint?: string): void => {
    const part = code === 'missing-key' || code === 'unknown-key' ? 'key' : 'value';
    reporter.error(code, pointer, message, hint ?? null, part);
  };
  return {
    ...own,
    tests(map, pointer) {
      const segment = standIn(reporter.document.value, map, pointer);
      if (segment === undefined) return readFieldTests(map, pointer, tests);
      // The map is made up of a field and a test that stand apart: what is wrong is where the test really stands.
      const prefix = `${pointer}/${segment}`;
      return readFieldTests(map, pointer, {
        ...tests,
        report: (code, at, message, hint, part) =>
          reporter.error(
            code,
            at.startsWith(prefix) ? pointer + at.slice(prefix.length) : at,
            message,
            hint,
            part,
          ),
      });
    },
    durationMs(text) {
      // Settings are checked by their schema, and each kind says where a duration of its own is wrong.
      const durationMs = parseDuration(text);
      if (durationMs === undefined)
        report('duration-invalid', own.pointer, `${preview(text, 40)} is not a duration`, DURATION_HINT);
      return durationMs ?? 1;
    },
    eventTypesAt(value, pointer) {
      if (Array.isArray(value) && value.every((type) => typeof type === 'string'))
        return readEventTypes(value as readonly string[], pointer, scope);
      report(
        'wrong-type',
        pointer,
        `event types are a list of texts, not ${valueWord(value ?? null)}`,
        'for example [order.paid]',
      );
      return [];
    },
    path: (text, pointer) => readPath(text, pointer, scope),
    regex(pattern, pointer) {
      checkRegex(pattern, pointer, tests);
    },
    report,
  };
}

/** The one key of a map that does not stand in the document: its segment in a pointer. */
function standIn(root: Json, map: Json | undefined, pointer: string): string | undefined {
  if (!isObject(map)) return undefined;
  const [key, ...more] = Object.keys(map);
  if (key === undefined || more.length > 0) return undefined;
  const there = valueAt(root, pointer);
  if (there === map || (isObject(there) && ownValue(there, key) !== undefined)) return undefined;
  return escapeKey(key);
}
