import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { createRegex } from '../kernel/regex.js';
import type { Json } from '../kernel/json.js';
import type { ConditionKind } from '../ports/condition-kind.js';
import type { ExecutorKind } from '../ports/executor-kind.js';
import { RULE_FILE_ID, ruleFileSchema } from './schemas/rule-file.js';

/** The schema of a rule file, ready to ask: of a single trigger, or of a document with triggers:, workflows: and so on. */
export interface RuleFileValidator {
  errors(value: Json, part: 'trigger' | 'rules'): readonly ErrorObject[];
}

/** Annotations that editors show; they decide nothing. */
const ANNOTATIONS = ['patternErrorMessage', 'errorMessage'];

/**
 * Ajv compiles every `pattern` with the platform's backtracking expressions unless it is given others. It tells them apart
 * by their `toString`.
 */
const linearRegExp = Object.assign(
  (pattern: string) => ({ ...createRegex(pattern, false), toString: () => pattern }),
  { code: 'linearRegExp' },
);

const cache = new WeakMap<readonly ConditionKind[], WeakMap<readonly ExecutorKind[], RuleFileValidator>>();

/** The validator for these plug-ins: its schema is compiled once per process and only the parts that are asked for. */
export function ruleFileValidator(
  conditions: readonly ConditionKind[],
  executors: readonly ExecutorKind[],
): RuleFileValidator {
  let byExecutors = cache.get(conditions);
  if (byExecutors === undefined) cache.set(conditions, (byExecutors = new WeakMap()));
  let validator = byExecutors.get(executors);
  if (validator === undefined) byExecutors.set(executors, (validator = create(conditions, executors)));
  return validator;
}

function create(conditions: readonly ConditionKind[], executors: readonly ExecutorKind[]): RuleFileValidator {
  const ajv = new Ajv2020({
    strict: true,
    allowUnionTypes: true,
    allErrors: true,
    verbose: true,
    validateSchema: false,
    code: { regExp: linearRegExp },
  });
  ajv.addVocabulary(ANNOTATIONS);
  ajv.addSchema(ruleFileSchema(conditions, executors));
  const compiled = new Map<string, ValidateFunction>();
  return {
    errors(value, part) {
      let validate = compiled.get(part);
      if (validate === undefined) {
        validate = ajv.getSchema(`${RULE_FILE_ID}#/$defs/${part}`);
        if (validate === undefined) throw new TypeError(`the schema has no part ${part}`);
        compiled.set(part, validate);
      }
      return validate(value) ? [] : (validate.errors ?? []);
    },
  };
}
