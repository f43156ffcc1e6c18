import { Fault } from '../../kernel/fault.js';
import type { Diagnostic } from '../../model/diagnostic.js';
import type {
  Rules as RuleFile,
  Trigger as WrittenTrigger,
  Workflow as WrittenWorkflow,
} from '../../model/rule-file.generated.js';

import type { RuleText } from './rule-shelf.js';

/** A trigger as a rule file holds it: YAML text, or the object that text would be. */
export type TriggerDefinition = string | WrittenTrigger;

/** A workflow as a rule file holds it, launched by an executor of any name. */
export type WorkflowDefinition = Omit<WrittenWorkflow, 'executor'> & { executor: string };

/** A YAML document of a rule file, as an object. */
export type RuleDocument =
  | WrittenTrigger
  | (Omit<RuleFile, 'workflows'> & { workflows?: Record<string, WorkflowDefinition> });

/** Rules without a folder: texts and objects, each as if it were a file. */
export type GivenRules = string | RuleDocument | readonly (string | RuleDocument)[];

/** Characters that JSON may hold as they are, and a rule file may not. */
const NO_TEXT = /[\u007f-\u009f\ufeff\ufffe\uffff]/g;

/**
 * What is given as the text of a rule file: an object as JSON, which is YAML, so that it is bounded, checked and reported
 * like any file. Throws a Fault `usage` for what JSON cannot carry.
 */
export function ruleText(given: unknown): string {
  if (typeof given === 'string') return given;
  let text: string | undefined;
  try {
    text = JSON.stringify(given, null, 2) as string | undefined;
  } catch (cause) {
    throw new Fault('usage', 'these rules are no plain data', { hint: NO_DATA, cause });
  }
  if (text === undefined) throw new Fault('usage', `a ${typeof given} holds no rules`, { hint: NO_DATA });
  return text.replace(NO_TEXT, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const NO_DATA = 'give YAML text, or an object as YAML would hold it';

/** Given rules as files, by what a program would call them. */
export function shelve(rules: GivenRules | undefined): readonly RuleText[] {
  if (rules === undefined) return [];
  if (!isList(rules)) return [{ file: 'rules', text: ruleText(rules) }];
  return rules.map((one, index) => ({ file: `rules[${index}]`, text: ruleText(one) }));
}

function isList(rules: GivenRules): rules is readonly (string | RuleDocument)[] {
  return Array.isArray(rules);
}

/** The first error in words: what a program that does not look at the diagnostics shows. */
export function firstProblem(diagnostics: readonly Diagnostic[]): string {
  const first = diagnostics.find(({ severity }) => severity === 'error');
  if (first === undefined) return 'mend them first';
  const { file, line, column, message, hint } = first;
  return `${file}:${line}:${column}: ${message}${hint === null ? '' : ` (${hint})`}`;
}
