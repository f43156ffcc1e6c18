import type { Diagnostic } from '../model/diagnostic.js';
import type { Trigger } from '../model/trigger.js';
import type { DocumentEntries } from './document-entries.js';
import { placeOf, type Definition, type FolderContext } from './folder-context.js';
import { escapeKey } from '../kernel/pointer.js';
import type { TriggerEntry } from './trigger.js';

export function launchedNames({ raw }: TriggerEntry): readonly string[] {
  const single = raw.workflow_name === undefined ? [] : [raw.workflow_name];
  return [...single, ...(raw.launches ?? []).map(({ workflow_name }) => workflow_name)];
}

export function defineWorkflows(entries: readonly DocumentEntries[]): ReadonlyMap<string, Definition> {
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

export function defineTriggers(entries: readonly DocumentEntries[]): ReadonlyMap<string, Definition> {
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
export function checkRank(
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
export function noWorkflows(
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
