import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { parseDuration } from '../../src/kernel/duration.js';
import type { Json } from '../../src/kernel/json.js';
import { isPathProblem, parsePath } from '../../src/kernel/path.js';
import { regexProblem } from '../../src/kernel/regex.js';
import type { BuildContext, JsonSchema } from '../../src/ports/condition-kind.js';

/** What a condition reported while it was built, as `code pointer`. */
export type Reports = string[];

/** A build context as the validator gives it, with a field-test map standing in for its normalised form. */
export function buildContext(overrides: Partial<BuildContext> = {}): {
  context: BuildContext;
  reports: Reports;
} {
  const reports: Reports = [];
  const context: BuildContext = {
    pointer: '/condition/kind',
    eventTypes: ['workflow.failed'],
    groupBy: [],
    filters: { kind: 'all', tests: [], pointer: '/filters' },
    tests: (map, pointer) => ({
      kind: 'field',
      reading: { path: '.' },
      operator: 'equal',
      operand: { kind: 'literal', value: map ?? null },
      ignoreCase: false,
      pointer,
    }),
    durationMs(text) {
      const durationMs = parseDuration(text);
      if (durationMs === undefined) throw new TypeError(`the schema let ${text} through`);
      return durationMs;
    },
    eventTypesAt: (value) => (Array.isArray(value) ? (value as string[]) : [value as string]),
    path(text, pointer) {
      if (isPathProblem(parsePath(text))) reports.push(`path-invalid ${pointer}`);
      return text;
    },
    regex(pattern, pointer) {
      if (regexProblem(pattern)) reports.push(`regex-invalid ${pointer}`);
    },
    report: (code, pointer) => reports.push(`${code} ${pointer}`),
    ...overrides,
  };
  return { context, reports };
}

/** A kind's schema as it stands in a rule file's schema: with the parts it may refer to. */
export function compileSettings(schema: JsonSchema): ValidateFunction<Json> {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true });
  return ajv.compile<Json>({
    $defs: { fieldTests: { type: 'object' }, fieldTest: {} },
    ...schema,
  });
}
