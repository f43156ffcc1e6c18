import type { DiagnosticCode } from '../kernel/codes.js';
import type { Json, JsonObject } from '../kernel/json.js';
import { isPathProblem, parsePath, type PathSteps } from '../kernel/path.js';
import { suggest } from '../kernel/suggest.js';
import { EVENT_FIELDS } from '../model/event.js';
import type { TemplateProblem, Templates } from '../ports/templates.js';
import type { FolderContext } from './folder-context.js';
import type { Reporter } from './reporter.js';

const CODES: Readonly<Record<TemplateProblem['kind'], DiagnosticCode>> = {
  syntax: 'template-syntax',
  'unknown-filter': 'template-filter',
  'unknown-tag': 'template-tag',
  'unknown-name': 'template-name',
};

/** What templates of one trigger can read, beyond the root names. */
export interface TemplateNames {
  /** Names of a sequence's steps; null for a trigger without a sequence, `any` where they are not known. */
  readonly steps: readonly string[] | 'any' | null;
  readonly groupBy: readonly string[];
  readonly hasItem: boolean;
}

type Read = readonly [pointer: string, path: string];

/** Parses the templates of a map and reports what is wrong with them; returns what they read. */
export function parseTemplates(
  map: JsonObject,
  names: 'trigger' | 'workflow',
  pointer: string,
  templates: Templates,
  reporter: Reporter,
): readonly Read[] {
  if (!holdsTemplate(map)) return [];
  const parsed = templates.parse(map, names);
  if ('template' in parsed) return parsed.template.reads;
  for (const problem of parsed.problems)
    reporter.error(CODES[problem.kind], pointer + problem.pointer, problem.message, problem.hint);
  return [];
}

/** Most inputs are plain data, which needs no parser. */
function holdsTemplate(value: Json): boolean {
  if (typeof value === 'string') return value.includes('{{') || value.includes('{%');
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value as { readonly [key: string]: Json }).some(holdsTemplate);
}

/** Parses the templates of a workflow_input and reports what they read that is never there. */
export function checkInputTemplates(
  input: JsonObject,
  pointer: string,
  names: TemplateNames,
  folder: FolderContext,
  reporter: Reporter,
): void {
  for (const [at, path] of parseTemplates(input, 'trigger', pointer, folder.templates, reporter)) {
    const steps = parsePath(path);
    if (isPathProblem(steps)) continue;
    const fault = neverThere(steps, names, folder);
    if (fault === undefined) continue;
    reporter.error(fault.code, pointer + at, fault.message, fault.hint);
  }
}

interface Fault {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly hint: string;
}

const LIST_MEMBERS: ReadonlySet<unknown> = new Set(['size', 'first', 'last']);

function neverThere(steps: PathSteps, names: TemplateNames, folder: FolderContext): Fault | undefined {
  const [root, member] = steps;
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
    message: `there is no variable ${variableName}`,
    hint: near === undefined ? `define it: variables: { ${variableName}: … }` : `did you mean vars.${near}?`,
  };
}
