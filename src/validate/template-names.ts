import type { DiagnosticCode } from '../kernel/codes.js';
import type { PathSteps } from '../kernel/path.js';
import { suggest } from '../kernel/suggest.js';
import { EVENT_FIELDS } from '../model/event.js';
import type { FolderContext } from './folder-context.js';

/** What templates of one trigger can read, beyond the root names. */
export interface TemplateNames {
  /** Names of a sequence's steps; null for a trigger without a sequence, `any` where they are not known. */
  readonly steps: readonly string[] | 'any' | null;
  readonly groupBy: readonly string[];
  readonly hasItem: boolean;
  /** False for a trigger that only the clock wakes. */
  readonly hasEvent: boolean;
}

interface Fault {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly hint: string;
}

const LIST_MEMBERS: ReadonlySet<unknown> = new Set(['size', 'first', 'last']);

export function neverThere(steps: PathSteps, names: TemplateNames, folder: FolderContext): Fault | undefined {
  const [root, member] = steps;
  if (!names.hasEvent && (root === 'event' || root === 'events'))
    return name(`a schedule has no event, so ${root} is empty`, 'its time is now; read vars and trigger');
  switch (root) {
    case 'item':
      if (names.hasItem) return undefined;
      return name('item is there in a trigger with for_each only', 'add for_each: payload.…');
    case 'event':
      return eventField(member, 'event');
    case 'events':
      // events.first.payload, events[0].payload
      return LIST_MEMBERS.has(member) || typeof member === 'number'
        ? eventField(steps[2], `events.${String(member)}`)
        : undefined;
    case 'steps':
      return stepName(steps, names);
    case 'group':
      return groupPath(member, names);
    case 'vars':
      return typeof member === 'string' ? variable(member, folder) : undefined;
    default:
      return undefined;
  }
}

function name(message: string, hint: string): Fault {
  return { code: 'template-name', message, hint };
}

function eventField(field: PathSteps[number] | undefined, owner: string): Fault | undefined {
  if (field === undefined || (EVENT_FIELDS as readonly unknown[]).includes(field)) return undefined;
  const near = typeof field === 'string' ? suggest(field, EVENT_FIELDS) : undefined;
  return name(
    `an event has no field ${String(field)}`,
    near === undefined
      ? `did you mean ${owner}.payload.${String(field)}?`
      : `did you mean ${owner}.${near}, or ${owner}.payload.${String(field)}?`,
  );
}

function stepName(steps: PathSteps, names: TemplateNames): Fault | undefined {
  if (names.steps === null)
    return name('steps are there in a trigger with an event_sequence only', 'read event or events');
  const [, step, field] = steps;
  if (names.steps === 'any' || typeof step !== 'string') return undefined;
  if (names.steps.includes(step)) return eventField(field, `steps.${step}`);
  const near = suggest(step, names.steps);
  return name(
    `the sequence has no step ${step}`,
    near === undefined ? `its steps are ${names.steps.join(', ')}` : `did you mean ${near}?`,
  );
}

function groupPath(path: PathSteps[number] | undefined, names: TemplateNames): Fault | undefined {
  if (path === undefined || names.groupBy.includes(String(path))) return undefined;
  if (names.groupBy.length === 0)
    return name('this trigger has no group_by, so group is empty', 'add group_by, or read event.payload.…');
  const [first] = names.groupBy;
  return name(
    `group has no ${String(path)}`,
    `it holds the paths of group_by: group["${names.groupBy.find((one) => one.endsWith(`.${String(path)}`)) ?? String(first)}"]`,
  );
}

function variable(variableName: string, { variables }: FolderContext): Fault | undefined {
  if (variables.lookup(variableName) !== undefined) return undefined;
  const near = suggest(variableName, variables.names);
  return {
    code: 'unknown-variable',
    message: `there is no variable ${JSON.stringify(variableName)}`,
    hint: near === undefined ? `define it: variables: { ${variableName}: … }` : `did you mean vars.${near}?`,
  };
}
