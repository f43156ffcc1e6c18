import type { JsonObject } from '../kernel/json.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { Document } from '../model/document.js';
import type { RuleSource, RuleTest, Trigger, Workflow } from '../model/trigger.js';
import type { ConditionKind } from '../ports/condition-kind.js';
import type { ExecutorKind } from '../ports/executor-kind.js';
import type { Templates } from '../ports/templates.js';
import { readDocument, type DocumentEntries } from './document-entries.js';
import { createEventTypeCheck } from './event-type-check.js';
import type { Definition, FolderContext } from './folder-context.js';
import { lintFolder } from './lints/lint-folder.js';
import { ruleFileValidator } from './rule-file-validator.js';
import { readRuleTest } from './rule-test.js';
import { readTrigger, type TriggerEntry } from './trigger.js';
import { readVariables } from './variables.js';
import { readWorkflow } from './workflow.js';
import { checkRank, defineTriggers, defineWorkflows, launchedNames, noWorkflows } from './names.js';

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
  const written = entries.flatMap(({ triggers }) => triggers);
  const launched = new Set(written.flatMap(launchedNames));
  // Where one cannot read what a trigger launches, nothing can be said to be unused.
  const isClear = written.every(({ refused }) => !refused.has('workflow_name') && !refused.has('launches'));
  const source = readParts(entries, folder, launched);
  const diagnostics = entries.flatMap(({ reporter }) => reporter.diagnostics());
  return {
    source,
    diagnostics: [
      ...diagnostics,
      ...noWorkflows(entries, folder),
      ...lintFolder(source, documents, isClear ? launched : null),
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
