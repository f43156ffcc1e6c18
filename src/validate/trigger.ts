import type { Test } from '../model/test.js';
import type { ListenerPlan, Trigger } from '../model/trigger.js';
import { readEventTypes, testContext, type TriggerScope } from './build-context.js';
import { readCondition, type ReadCondition } from './condition.js';
import { readControls, readPaths } from './controls.js';
import { readFieldTests } from './field-test-map.js';
import type { FolderContext } from './folder-context.js';
import { readLaunches } from './launches.js';
import type { RawTrigger } from './raw-rules.js';
import type { Reporter } from './reporter.js';
import type { TemplateNames } from './template-names.js';

/** A trigger as it stands in a document, without what the schema refused. */
export interface TriggerEntry {
  readonly raw: RawTrigger;
  readonly pointer: string;
  readonly reporter: Reporter;
  /** Keys of the trigger that were refused, so that what follows from their absence is not reported. */
  readonly refused: ReadonlySet<string>;
}

/** Normalises a trigger: both forms become one, defaults are applied, everything wrong is reported. */
export function readTrigger(entry: TriggerEntry, folder: FolderContext): Trigger {
  const { raw, pointer, reporter, refused } = entry;
  const scope: TriggerScope = {
    reporter,
    folder,
    fields: raw.for_each !== undefined || refused.has('for_each') ? 'event-or-item' : 'event',
  };
  const eventTypes = readEventTypes(raw.event_types ?? [], `${pointer}/event_types`, scope);
  const groupBy = readPaths(raw.group_by ?? [], `${pointer}/group_by`, scope);
  const filters: Test = readFieldTests(raw.filters ?? {}, `${pointer}/filters`, testContext(scope));
  const condition = readCondition(
    refused.has('parameters') ? withoutCondition(raw) : raw,
    pointer,
    { eventTypes, groupBy, filters },
    scope,
  );
  checkEventTypes(entry, eventTypes, condition);
  const controls = readControls(raw, pointer, scope);
  const launches = readLaunches(
    raw,
    pointer,
    {
      steps: stepNames(condition, refused),
      groupBy: [...groupBy, ...(controls.collect?.group_by ?? [])],
      hasItem: scope.fields === 'event-or-item',
      hasEvent: condition.memory === null || condition.memory.listeners.length > 0,
    },
    scope,
  );
  return {
    trigger_id: raw.trigger_id ?? '',
    description: raw.description ?? '',
    event_types: eventTypes,
    filters,
    group_by: groupBy,
    ...condition,
    launches,
    ...controls,
    origin: { file: reporter.document.file, document: reporter.document.index, pointer },
  };
}

/** Settings that the schema refused are not read, and neither is a condition that lacks them. */
function withoutCondition(raw: RawTrigger): RawTrigger {
  return Object.fromEntries(Object.entries(raw).filter(([key]) => key !== 'condition'));
}

/** Every listener must know what it listens to, and a trigger that only the clock wakes hears nothing. */
function checkEventTypes(
  { raw, pointer, reporter, refused }: TriggerEntry,
  eventTypes: readonly string[],
  { memory }: ReadCondition,
): void {
  if (refused.has('event_types') || refused.has('condition') || refused.has('parameters')) return;
  const deaf =
    memory === null ? eventTypes.length === 0 : memory.listeners.some((one) => one.event_types.length === 0);
  if (deaf) {
    const isWritten = raw.event_types !== undefined;
    reporter.error(
      'missing-key',
      isWritten ? `${pointer}/event_types` : pointer,
      isWritten ? 'event_types is empty' : 'this trigger needs event_types',
      'name the types it hears, for example event_types: [workflow.failed]; "*" hears every event',
      'key',
    );
    return;
  }
  if (memory === null || memory.listeners.length > 0) return;
  // Filters and group_by are refused by the kind itself.
  for (const key of ['event_types', 'for_each'] as const) {
    const value = raw[key];
    if (value === undefined || Object.keys(value).length === 0) continue;
    reporter.error(
      'condition-combination',
      `${pointer}/${key}`,
      `this trigger fires by the clock and hears no event, so ${key} means nothing`,
      'leave it out; for hours in which events count use time_based: { during: … }',
      'key',
    );
  }
}

/** Names of a sequence's steps: what the settings of a condition call `names`. */
function stepNames({ memory }: ReadCondition, refused: ReadonlySet<string>): TemplateNames['steps'] {
  const names = memory?.settings['names'];
  if (memory !== null && Array.isArray(names) && memory.listeners.some(isStep))
    return names as readonly string[];
  // What could not be read may well have been a sequence; then any name might be one of its steps.
  return refused.has('condition') || refused.has('parameters') ? 'any' : null;
}

function isStep({ role }: ListenerPlan): boolean {
  return role.startsWith('step:');
}
