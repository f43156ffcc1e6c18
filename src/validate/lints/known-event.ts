import { isObject, ownValue, type Json, type JsonObject } from '../../kernel/json.js';
import { isPathProblem, parsePath } from '../../kernel/path.js';
import type { FieldTest, Test } from '../../model/test.js';
import type { Workflow } from '../../model/trigger.js';
import { plainlyHolds } from './value-check.js';

/** An event that a launch leads to, as far as it is known: `unknown` where only the run will tell. */
export interface KnownEvent {
  readonly type: string;
  readonly fields: ReadonlyMap<string, Known>;
}

/** A value, a map of which some keys are known (all others are missing), nothing, or anybody's guess. */
type Known =
  | { readonly kind: 'value'; readonly value: Json }
  | { readonly kind: 'map'; readonly members: ReadonlyMap<string, Known> }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unknown' };

const UNKNOWN: Known = { kind: 'unknown' };
const MISSING: Known = { kind: 'missing' };
const known = (value: Json): Known => ({ kind: 'value', value });

export const LIFECYCLE = ['workflow.started', 'workflow.completed', 'workflow.failed'] as const;

export function eventsOf(name: string, workflow: Workflow | undefined): readonly KnownEvent[] {
  const lifecycle = LIFECYCLE.map((type): KnownEvent => {
    const payload = new Map<string, Known>([
      ['workflow_name', known(name)],
      ['status', UNKNOWN],
      ...['trigger_id', 'launch_id', 'input', 'output', 'error', 'attempts', 'started_at', 'ended_at'].map(
        (key) => [key, UNKNOWN] as const,
      ),
    ]);
    return {
      type,
      fields: eventFields(type, { kind: 'map', members: payload }, known('normal'), known('triggerd')),
    };
  });
  const emitted = workflow?.executor === 'emit' ? emittedEvent(workflow.with) : undefined;
  return emitted === undefined ? lifecycle : [...lifecycle, emitted];
}

/** The event of an `emit` workflow; undefined when its type is a template. */
function emittedEvent(settings: JsonObject): KnownEvent | undefined {
  const type = ownValue(settings, 'event_type');
  if (typeof type !== 'string' || type.includes('{{')) return undefined;
  return {
    type,
    fields: eventFields(
      type,
      knownData(ownValue(settings, 'payload') ?? {}),
      knownData(ownValue(settings, 'priority') ?? 'normal'),
      knownData(ownValue(settings, 'source') ?? ''),
    ),
  };
}

function eventFields(
  type: string,
  payload: Known,
  priority: Known,
  source: Known,
): ReadonlyMap<string, Known> {
  return new Map([
    ['event_type', known(type)],
    ['payload', payload],
    ['priority', priority],
    ['source', source],
  ]);
}

/** Data that may hold templates: those give anything. */
function knownData(value: Json): Known {
  if (typeof value === 'string') return value.includes('{{') || value.includes('{%') ? UNKNOWN : known(value);
  if (!isObject(value)) return Array.isArray(value) ? UNKNOWN : known(value);
  return {
    kind: 'map',
    members: new Map(Object.entries(value).map(([key, member]) => [key, knownData(member)])),
  };
}

/** Whether a test may hold for an event known in part: false only where it certainly fails. */
export function mayHold(test: Test, event: KnownEvent): boolean {
  switch (test.kind) {
    case 'all':
      return test.tests.every((member) => mayHold(member, event));
    case 'any':
      return test.tests.some((member) => mayHold(member, event));
    case 'not':
      return !mustHold(test.test, event);
    case 'field':
      return fieldHolds(test, event) !== false;
  }
}

function mustHold(test: Test, event: KnownEvent): boolean {
  switch (test.kind) {
    case 'all':
      return test.tests.every((member) => mustHold(member, event));
    case 'any':
      return test.tests.some((member) => mustHold(member, event));
    case 'not':
      return !mayHold(test.test, event);
    case 'field':
      return fieldHolds(test, event) === true;
  }
}

function fieldHolds(test: FieldTest, event: KnownEvent): boolean | undefined {
  const found = read(event, test.reading.path);
  const isAbsence =
    test.operator === 'exists' && test.operand.kind === 'literal' && test.operand.value === false;
  switch (found.kind) {
    case 'unknown':
      return undefined;
    case 'missing':
      return test.reading.absent === undefined ? isAbsence : plainlyHolds(test, test.reading.absent);
    case 'map':
      return test.operator === 'exists' ? !isAbsence : undefined;
    case 'value':
      return test.operator === 'exists' ? !isAbsence : plainlyHolds(test, found.value);
  }
}

export function read(event: KnownEvent, path: string): Known {
  const steps = parsePath(path);
  if (isPathProblem(steps)) return UNKNOWN;
  const [root, ...inner] = steps;
  let value = event.fields.get(String(root)) ?? UNKNOWN;
  for (const step of inner) {
    if (value.kind === 'unknown' || value.kind === 'missing') return value;
    if (value.kind === 'value') return MISSING;
    value = value.members.get(String(step)) ?? MISSING;
  }
  return value;
}
