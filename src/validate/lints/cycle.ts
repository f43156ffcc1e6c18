import { coversType } from '../../kernel/event-type.js';
import { isObject, ownValue, type Json, type JsonObject } from '../../kernel/json.js';
import { isPathProblem, parsePath } from '../../kernel/path.js';
import type { FieldTest, Test } from '../../model/test.js';
import type { Trigger, Workflow } from '../../model/trigger.js';
import type { Finding } from './finding.js';
import { conjunctions, members } from './trigger-tests.js';
import { plainlyHolds } from './value-check.js';

/** An event that a launch leads to, as far as it is known: `unknown` where only the run will tell. */
interface KnownEvent {
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

const LIFECYCLE = ['workflow.started', 'workflow.completed', 'workflow.failed'] as const;
/** So many triggers and workflows are followed; a folder with more is not searched for longer circles. */
const MAX_STEPS = 200_000;

/**
 * Finds triggers that are set off by events of what they launch, directly or around several workflows. What their tests
 * exclude is left out: the fields of a lifecycle event are known.
 */
export function cycle(triggers: readonly Trigger[], workflows: readonly Workflow[]): readonly Finding[] {
  const byName = new Map(workflows.map((workflow) => [workflow.workflow_name, workflow]));
  const listening = triggers.filter(
    (trigger) => trigger.active && !trigger.allow_loop && trigger.mode === 'launch',
  );
  const names = new Set(
    listening.flatMap(({ launches }) => launches.map(({ workflow_name }) => workflow_name)),
  );
  const next = followers([...names], byName, listening);
  const findings: Finding[] = [];
  for (const trigger of listening) {
    for (const { workflow_name } of trigger.launches) {
      const way = wayBack(workflow_name, trigger, next);
      if (way === undefined) continue;
      findings.push({
        code: 'cycle',
        origin: trigger.origin,
        pointer: `${trigger.origin.pointer}/trigger_id`,
        message: `${trigger.trigger_id} launches ${way.join(', whose events launch ')}, whose events set it off again`,
        hint: 'exclude them, for example filters: { payload.workflow_name: { not_equal: … } }, or say allow_loop: true',
      });
      break;
    }
  }
  return findings;
}

type Followers = (workflowName: string) => readonly Trigger[];

/** Which triggers the events of a workflow's launches may set off. */
function followers(
  names: readonly string[],
  workflows: ReadonlyMap<string, Workflow>,
  triggers: readonly Trigger[],
): Followers {
  // Lifecycle events of all workflows have the same types, so only these few triggers are asked about each.
  const lifecycle = triggers.filter((trigger) =>
    conjunctions(trigger).some(({ eventTypes }) =>
      eventTypes.some((pattern) => LIFECYCLE.some((type) => coversType(pattern, type))),
    ),
  );
  const cache = new Map<string, readonly Trigger[]>();
  let budget = MAX_STEPS;
  return (workflowName) => {
    const cached = cache.get(workflowName);
    if (cached !== undefined) return cached;
    const events = eventsOf(workflowName, workflows.get(workflowName));
    const emitted = events.some(({ type }) => !(LIFECYCLE as readonly string[]).includes(type));
    const asked = emitted ? triggers : lifecycle;
    budget -= asked.length;
    const found =
      budget < 0 || !names.includes(workflowName)
        ? []
        : asked.filter((trigger) => events.some((event) => maySetOff(trigger, event)));
    cache.set(workflowName, found);
    return found;
  };
}

/** The workflows on the shortest way from one of them back to a trigger; undefined when there is none. */
function wayBack(start: string, trigger: Trigger, next: Followers): readonly string[] | undefined {
  const cameFrom = new Map<string, string | null>([[start, null]]);
  const queue = [start];
  for (const name of queue) {
    for (const follower of next(name)) {
      if (follower === trigger) return wayTo(name, cameFrom);
      for (const { workflow_name } of follower.launches) {
        if (cameFrom.has(workflow_name)) continue;
        cameFrom.set(workflow_name, name);
        queue.push(workflow_name);
      }
    }
  }
  return undefined;
}

function wayTo(name: string, cameFrom: ReadonlyMap<string, string | null>): readonly string[] {
  const way: string[] = [];
  for (let at: string | null = name; at !== null; at = cameFrom.get(at) ?? null) way.unshift(at);
  return way;
}

function eventsOf(name: string, workflow: Workflow | undefined): readonly KnownEvent[] {
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

function maySetOff(trigger: Trigger, event: KnownEvent): boolean {
  if (trigger.for_each !== null) return read(event, trigger.for_each).kind === 'unknown';
  return conjunctions(trigger).some(
    ({ role, eventTypes, tests }) =>
      // An event that cancels sets nothing off.
      role !== 'unless' &&
      role !== 'completion' &&
      eventTypes.some((pattern) => coversType(pattern, event.type)) &&
      members(tests).every((test) => mayHold(test, event)) &&
      trigger.group_by.every((path) => read(event, path).kind !== 'missing'),
  );
}

/** Whether a test may hold for an event known in part: false only where it certainly fails. */
function mayHold(test: Test, event: KnownEvent): boolean {
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

function read(event: KnownEvent, path: string): Known {
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
