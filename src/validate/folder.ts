import type { JsonObject } from '../kernel/json.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { Document } from '../model/document.js';
import type { RuleSource, RuleTest, Trigger, Workflow } from '../model/trigger.js';
import type { ConditionKind } from '../ports/condition-kind.js';
import type { ExecutorKind } from '../ports/executor-kind.js';
import type { Templates } from '../ports/templates.js';
import { readDocument, type DocumentEntries } from './document-entries.js';
import { createEventTypeCheck } from './event-type-check.js';
import { placeOf, type Definition, type FolderContext } from './folder-context.js';
import { lintFolder } from './lints/lint-folder.js';
import { escapeKey } from './pointer.js';
import { ruleFileValidator } from './rule-file-validator.js';
import { readRuleTest } from './rule-test.js';
import { readTrigger, type TriggerEntry } from './trigger.js';
import { readVariables } from './variables.js';
import { readWorkflow } from './workflow.js';

/** What validation needs from outside. */
export interface ValidationPlugins {
  readonly conditions: readonly ConditionKind[];
  readonly executors: readonly ExecutorKind[];
  readonly templates: Templates;
  /** Values for `{ env: NAME }` variables. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Values instead of those the folder defines, by variable name. */
  readonly variables?: JsonObject;
}

/** A rule folder, validated: what in it is sound, and everything that is not. */
export interface ValidatedFolder {
  /** Only what has no error of its own; whoever wants to run it refuses on any error. */
  readonly source: RuleSource;
  /** In the order of the documents. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Validates the documents of a rule folder as a whole and normalises what they hold. Never throws for what is in them. */
export function validateFolder(documents: readonly Document[], plugins: ValidationPlugins): ValidatedFolder {
  const validator = ruleFileValidator(plugins.conditions, plugins.executors);
  const entries = documents.map((document) => readDocument(document, validator));
  const folder: FolderContext = {
    kinds: new Map(plugins.conditions.map((kind) => [kind.name, kind])),
    templates: plugins.templates,
    eventTypes: createEventTypeCheck(),
    variables: readVariables(
      entries.map(({ reporter, variables }) => ({ reporter, map: variables })),
      plugins.environment,
      plugins.variables ?? {},
    ),
    workflows: defineWorkflows(entries),
    triggers: defineTriggers(entries),
  };
  const launched = new Set(entries.flatMap(({ triggers }) => triggers).flatMap(launchedNames));
  const source = readParts(entries, folder, launched);
  const diagnostics = entries.flatMap(({ reporter }) => reporter.diagnostics());
  return {
    source,
    diagnostics: [
      ...diagnostics,
      ...noWorkflows(entries, folder),
      ...lintFolder(source, documents, launched),
    ],
  };
}

/** Reads every part; one with an error of its own is checked like the others and then left out. */
function readParts(
  entries: readonly DocumentEntries[],
  folder: FolderContext,
  launched: ReadonlySet<string>,
): RuleSource {
  const sound = <E extends { readonly sound: boolean; readonly reporter: DocumentEntries['reporter'] }, P>(
    entry: E,
    read: (entry: E) => P,
  ): P[] => {
    const before = entry.reporter.errors;
    const part = read(entry);
    return entry.sound && entry.reporter.errors === before ? [part] : [];
  };
  const workflows: Workflow[] = entries.flatMap((document) =>
    document.workflows.flatMap((entry) => sound(entry, (one) => readWorkflow(one, folder))),
  );
  const isFirst = (entry: TriggerEntry): boolean => {
    const first = folder.triggers.get(entry.raw.trigger_id ?? '');
    return first?.reporter === entry.reporter && first.pointer === `${entry.pointer}/trigger_id`;
  };
  const ranks = new Map<string, Definition>();
  const triggers: Trigger[] = entries.flatMap((document) =>
    document.triggers
      .flatMap((entry) =>
        sound(entry, (one) => {
          const trigger = readTrigger(one, folder);
          checkRank(trigger, one, ranks);
          return { trigger, entry };
        }),
      )
      .filter(({ entry }) => isFirst(entry))
      .map(({ trigger }) => trigger),
  );
  const names = { workflows: new Set([...folder.workflows.keys(), ...launched]) };
  const tests: RuleTest[] = entries.flatMap((document) =>
    document.tests.flatMap((entry) => sound(entry, (one) => readRuleTest(one, folder, names))),
  );
  return { triggers, workflows: firstOfEach(workflows), tests, variables: folder.variables.values };
}

function firstOfEach(workflows: readonly Workflow[]): readonly Workflow[] {
  const seen = new Set<string>();
  return workflows.filter(({ workflow_name }) => {
    const isNew = !seen.has(workflow_name);
    seen.add(workflow_name);
    return isNew;
  });
}

function launchedNames({ raw }: TriggerEntry): readonly string[] {
  const single = raw.workflow_name === undefined ? [] : [raw.workflow_name];
  return [...single, ...(raw.launches ?? []).map(({ workflow_name }) => workflow_name)];
}

function defineWorkflows(entries: readonly DocumentEntries[]): ReadonlyMap<string, Definition> {
  const defined = new Map<string, Definition>();
  for (const { workflows } of entries) {
    for (const { name, pointer, reporter } of workflows) {
      const first = defined.get(name);
      if (first === undefined) {
        defined.set(name, { reporter, pointer });
        continue;
      }
      reporter.error(
        'duplicate-workflow',
        `/workflows/${escapeKey(name)}`,
        `the workflow ${name} is defined already (${placeOf(first)})`,
        'keep one of them, or give one another name',
        'key',
      );
    }
  }
  return defined;
}

function defineTriggers(entries: readonly DocumentEntries[]): ReadonlyMap<string, Definition> {
  const defined = new Map<string, Definition>();
  for (const { triggers } of entries) {
    for (const { raw, pointer, reporter } of triggers) {
      const { trigger_id: id } = raw;
      if (id === undefined) continue;
      const at = `${pointer}/trigger_id`;
      const first = defined.get(id);
      if (first === undefined) {
        defined.set(id, { reporter, pointer: at });
        continue;
      }
      reporter.error(
        'duplicate-trigger-id',
        at,
        `there is a trigger ${id} already (${placeOf(first)})`,
        'give one of them another trigger_id',
      );
    }
  }
  return defined;
}

/** In a set the ranks tell who goes first, so none may stand twice. */
function checkRank(
  trigger: Trigger,
  { pointer, reporter }: TriggerEntry,
  ranks: Map<string, Definition>,
): void {
  if (trigger.first_of === null) return;
  const { set, rank } = trigger.first_of;
  const key = `${rank} ${set}`;
  const at = `${pointer}/first_of/rank`;
  const first = ranks.get(key);
  if (first === undefined) {
    ranks.set(key, { reporter, pointer: at });
    return;
  }
  reporter.error(
    'duplicate-rank',
    at,
    `rank ${rank} of the set ${set} is taken already (${placeOf(first)})`,
    'give each trigger of the set a rank of its own; the lowest goes first',
  );
}

/** Names of workflows cannot be checked in a folder that defines none. */
function noWorkflows(
  entries: readonly DocumentEntries[],
  { workflows }: FolderContext,
): readonly Diagnostic[] {
  const launching = entries.find(({ triggers }) => triggers.length > 0);
  if (workflows.size > 0 || launching === undefined) return [];
  const { file } = launching.reporter.document;
  return [
    {
      code: 'no-workflows',
      severity: 'warning',
      message: 'this rule folder defines no workflows, so the names that its triggers launch are not checked',
      hint: 'define them under workflows:, in any of its files',
      file: file.includes('/') ? file.slice(0, file.lastIndexOf('/')) : '.',
      line: 0,
      column: 0,
      length: 1,
      pointer: '',
      sourceLine: null,
    },
  ];
}
