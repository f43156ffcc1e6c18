import { isObject, ownValue, preview, setOwn, type Json, type JsonObject } from '../kernel/json.js';
import { suggest } from '../kernel/suggest.js';
import type { Document } from '../model/document.js';
import type { RuleFileValidator } from './compile-validator.js';
import { ownWord } from './foreign-words.js';
import { escapeKey, pointerKeys } from '../kernel/pointer.js';
import type { RawRuleTest, RawTrigger, RawWorkflow } from './raw-rules.js';
import { createReporter, type Reporter } from './reporter.js';
import type { RuleTestEntry } from './rule-test.js';
import { schemaProblems } from './schema-errors.js';
import type { SchemaProblem } from './schema-problem.js';
import { DOCUMENT_KEYS } from './schemas/rule-file.js';
import type { TriggerEntry } from './trigger.js';
import type { WorkflowEntry } from './workflow.js';

/** A part of a document, and whether its schema found it sound. */
export type Entry<E> = E & { readonly sound: boolean };

/** What one document holds, as far as it can be read. */
export interface DocumentEntries {
  readonly reporter: Reporter;
  readonly triggers: readonly Entry<TriggerEntry>[];
  readonly workflows: readonly Entry<WorkflowEntry>[];
  readonly tests: readonly Entry<RuleTestEntry>[];
  readonly variables: JsonObject;
}

/** Keys by which one tells a trigger that lacks its trigger_id. */
const TRIGGER_KEYS: ReadonlySet<string> = new Set([
  'event_types',
  'workflow_name',
  'workflow_input',
  'condition',
  'filters',
  'parameters',
]);

/**
 * Checks a document against its schema and takes it apart. What the schema refused is left out of the parts, so that the
 * rest of each can be checked too, and nothing is reported that only follows from it.
 */
export function readDocument(document: Document, validator: RuleFileValidator): DocumentEntries {
  const reporter = createReporter(document);
  const none: DocumentEntries = { reporter, triggers: [], workflows: [], tests: [], variables: {} };
  const { value } = document;
  if (!isObject(value)) {
    reporter.error(
      'document-kind',
      '',
      `a document is a map, not ${Array.isArray(value) ? 'a list' : preview(value)}`,
      kindHint(value),
    );
    return none;
  }
  const isTrigger = Object.hasOwn(value, 'trigger_id');
  if (!isTrigger && !DOCUMENT_KEYS.some((key) => Object.hasOwn(value, key))) {
    reportKind(value, reporter);
    return none;
  }
  const problems = schemaProblems(
    validator.errors(value, isTrigger ? 'trigger' : 'rules'),
    value,
    isTrigger ? 'this trigger' : 'a rule file',
  );
  for (const { code, pointer, message, hint, part } of problems)
    reporter.error(code, pointer, message, hint, part);
  if (isTrigger) return { ...none, triggers: [triggerEntry(value, '', problems, reporter)] };
  return {
    reporter,
    triggers: elements(value, 'triggers').flatMap((trigger, index) =>
      isObject(trigger) ? [triggerEntry(trigger, `/triggers/${index}`, problems, reporter)] : [],
    ),
    workflows: Object.entries(members(value, 'workflows')).map(([name, workflow]) => {
      const pointer = `/workflows/${escapeKey(name)}`;
      const { sound, rest } = without(workflow, pointer, problems);
      return { name, raw: rest as RawWorkflow, pointer, reporter, sound };
    }),
    tests: elements(value, 'tests').flatMap((test, index) => {
      if (!isObject(test)) return [];
      const pointer = `/tests/${index}`;
      const { sound, rest } = without(test, pointer, problems);
      return [{ raw: rest as RawRuleTest, pointer, reporter, sound }];
    }),
    variables: members(value, 'variables'),
  };
}

function triggerEntry(
  trigger: Json,
  pointer: string,
  problems: readonly SchemaProblem[],
  reporter: Reporter,
): Entry<TriggerEntry> {
  const { sound, rest, refused } = without(trigger, pointer, problems);
  return { raw: rest as RawTrigger, pointer, reporter, refused, sound };
}

function elements(value: JsonObject, key: string): readonly Json[] {
  const list = ownValue(value, key);
  return Array.isArray(list) ? (list as readonly Json[]) : [];
}

function members(value: JsonObject, key: string): JsonObject {
  const map = ownValue(value, key);
  return isObject(map) ? map : {};
}

const NOTHING: ReadonlySet<string> = new Set();

/** A part without the keys in which the schema found something wrong; of `filters` only the entries. */
function without(
  part: Json,
  pointer: string,
  problems: readonly SchemaProblem[],
): { readonly sound: boolean; readonly rest: JsonObject; readonly refused: ReadonlySet<string> } {
  if (!isObject(part)) return { sound: false, rest: {}, refused: NOTHING };
  if (problems.length === 0) return { sound: true, rest: part, refused: NOTHING };
  const refused = new Set<string>();
  const filters = new Set<string>();
  let sound = true;
  for (const problem of problems) {
    if (problem.pointer !== pointer && !problem.pointer.startsWith(`${pointer}/`)) continue;
    sound = false;
    const [key, inner] = pointerKeys(problem.pointer.slice(pointer.length));
    // What is missing, or there under another name, cannot be asked about either.
    const isOwn = problem.code === 'missing-key' ? key === undefined : inner === undefined;
    if (isOwn && problem.meant !== undefined) refused.add(problem.meant);
    if (key === undefined) continue;
    if (key === 'filters' && inner !== undefined) {
      filters.add(inner);
    } else {
      refused.add(key);
    }
  }
  if (sound) return { sound, rest: part, refused };
  const rest: Record<string, Json> = {};
  for (const key of Object.keys(part)) {
    if (refused.has(key)) continue;
    const value = part[key] as Json;
    setOwn(rest, key, key === 'filters' && isObject(value) ? withoutKeys(value, filters) : value);
  }
  return { sound, rest, refused };
}

function withoutKeys(map: JsonObject, keys: ReadonlySet<string>): JsonObject {
  const rest: Record<string, Json> = {};
  for (const key of Object.keys(map)) if (!keys.has(key)) setOwn(rest, key, map[key]);
  return rest;
}

function kindHint(value: Json): string {
  return Array.isArray(value)
    ? 'put the list under triggers: or tests:'
    : `its top-level keys are ${DOCUMENT_KEYS.join(', ')}, or those of one trigger`;
}

function reportKind(value: JsonObject, reporter: Reporter): void {
  const keys = Object.keys(value);
  const [first] = keys;
  const top = `top-level keys are ${DOCUMENT_KEYS.join(', ')}, or those of one trigger with its trigger_id`;
  if (first === undefined) {
    reporter.error('document-kind', '', 'this document is an empty map', top);
    return;
  }
  if (keys.some((key) => TRIGGER_KEYS.has(key))) {
    const near = keys.find((key) => suggest(key, ['trigger_id']) !== undefined || key === 'id');
    reporter.error(
      'document-kind',
      near === undefined ? '' : `/${escapeKey(near)}`,
      'this looks like a trigger, but it has no trigger_id',
      near === undefined ? 'add trigger_id: and a name for it' : 'did you mean trigger_id?',
      near === undefined ? 'value' : 'key',
    );
    return;
  }
  const meant = keys
    .map((key) => [key, ownWord('rules', key) ?? suggest(key, DOCUMENT_KEYS)] as const)
    .find(([, near]) => near !== undefined);
  const key = meant?.[0] ?? first;
  reporter.error(
    'document-kind',
    `/${escapeKey(key)}`,
    `a rule file knows no top-level key ${preview(key, 40)}`,
    meant === undefined
      ? `${top}; sample events belong into a folder named samples`
      : `did you mean ${meant[1]}?`,
    'key',
  );
}
