import type { ConditionKind, JsonSchema } from '../ports/condition-kind.js';
import type { ExecutorKind } from '../ports/executor-kind.js';
import { compileValidator, type RuleFileValidator } from './compile-validator.js';
import { definitionsHash } from './definitions-hash.js';
import { schemaHash, validators } from './rule-file-validators.generated.js';
import { ruleFileSchema } from './schemas/rule-file.js';

const cache = new WeakMap<readonly ConditionKind[], WeakMap<readonly ExecutorKind[], RuleFileValidator>>();

/** The validator for these plug-ins, made once per process. */
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
  const definitions = ruleFileSchema(conditions, executors)['$defs'] as JsonSchema;
  // Compiling costs a small folder more than all the rest: of the plug-ins that come with the package it is done already.
  return definitionsHash(definitions) === schemaHash ? generated : compileValidator(definitions);
}

const generated: RuleFileValidator = {
  errors(value, part) {
    const validate = validators[part];
    return validate(value) ? [] : (validate.errors ?? []);
  },
};
