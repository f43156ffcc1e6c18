import { coversType } from '../kernel/event-type.js';
import { preview, type Json } from '../kernel/json.js';
import { isPathProblem, parsePath, readSteps } from '../kernel/path.js';
import { formatTime } from '../kernel/time.js';
import type { Launch, Suppression } from '../model/decision.js';
import type { Event } from '../model/event.js';
import type { Why, WhyNode } from '../model/report.js';
import type { CompiledTrigger, Listener } from '../model/ruleset.js';
import type { Origin } from '../model/trigger.js';
import type { Matcher, Trace } from '../ports/matcher.js';
import type { Places } from './rule-folder.js';

/** What happened to one event at one trigger, as the run saw it. */
export interface Happened {
  readonly launches: readonly Launch[];
  readonly suppressions: readonly Suppression[];
  /** Where a stateful condition stands for the event's group, or null. */
  readonly state: string | null;
}

export interface WhyTools {
  readonly matcher: Matcher;
  readonly places: Places;
}

/** Why a trigger did or did not fire on an event; one verdict, or with `for_each` one per element. */
export function explainTrigger(
  compiled: CompiledTrigger,
  event: Event,
  happened: Happened,
  tools: WhyTools,
): readonly Why[] {
  const { trigger } = compiled;
  const verdict = (part: Partial<Why> & Pick<Why, 'outcome' | 'reason'>): Why => ({
    trigger_id: trigger.trigger_id,
    event_id: event.event_id,
    deciding: null,
    event_types: trigger.event_types,
    roles: [],
    state: happened.state,
    item: null,
    ...part,
  });
  const place = (pointer: string): WhyNode['place'] => tools.places(trigger.origin, pointer);

  if (!trigger.active) {
    const deciding = leaf('active', 'equal', false, true, place(`${trigger.origin.pointer}/active`));
    return [verdict({ outcome: 'inactive', reason: 'the trigger is not active', deciding })];
  }
  const listening = compiled.listeners.filter((listener) =>
    listener.event_types.some((type) => coversType(type, event.event_type)),
  );
  if (listening.length === 0) {
    const types = [...new Set(compiled.listeners.flatMap((listener) => listener.event_types))];
    if (types.length === 0) {
      return [
        verdict({ outcome: 'not_matched', reason: 'the trigger hears no events: it fires by the clock' }),
      ];
    }
    const deciding = leaf(
      'event_type',
      'in',
      event.event_type,
      types,
      place(`${trigger.origin.pointer}/event_types`),
    );
    return [verdict({ outcome: 'not_matched', reason: sentence(deciding), deciding })];
  }
  if (trigger.for_each === null)
    return [judge(compiled, listening, event, null, null, happened, tools, verdict)];

  const steps = parsePath(trigger.for_each);
  const elements = isPathProblem(steps) ? undefined : readSteps(event as unknown as Json, steps);
  if (!Array.isArray(elements) || elements.length === 0) {
    const at = place(`${trigger.origin.pointer}/for_each`);
    const deciding = Array.isArray(elements)
      ? leaf(trigger.for_each, 'size', 0, 'at least 1', at)
      : leaf(trigger.for_each, 'type', elements, 'array', at);
    return [verdict({ outcome: 'not_matched', reason: sentence(deciding), deciding })];
  }
  return elements.map((item, index) =>
    judge(compiled, listening, event, item as Json, index, happened, tools, verdict),
  );
}

function judge(
  compiled: CompiledTrigger,
  listening: readonly Listener[],
  event: Event,
  item: Json,
  index: number | null,
  happened: Happened,
  tools: WhyTools,
  verdict: (part: Partial<Why> & Pick<Why, 'outcome' | 'reason'>) => Why,
): Why {
  const { trigger } = compiled;
  const traces = listening.map((listener) => ({
    listener,
    trace: tools.matcher.explain(listener.conditions, event, item),
  }));
  const roles = traces.map(({ listener, trace }) => ({
    role: listener.role,
    tree: whyNode(trace, trigger.origin, tools.places),
  }));
  const common = { roles, item: index };
  const own = happened.launches.filter((launch) => index === null || launch.item_index === index);
  if (own.length > 0) {
    const names = own.map((launch) => `${launch.workflow_name} (${launch.launch_id})`).join(', ');
    const observed = own.every((launch) => launch.mode === 'observe');
    return verdict({
      ...common,
      outcome: observed ? 'observed' : 'launched',
      reason: `${observed ? 'would have launched' : 'launches'} ${names}`,
    });
  }
  const holding = traces.find(({ trace }) => trace.holds);
  if (holding === undefined) {
    const closest = roles[0]?.tree;
    const deciding = closest === undefined ? null : decidingTest(closest);
    return verdict({
      ...common,
      outcome: 'not_matched',
      deciding,
      reason: deciding === null ? 'no test held' : sentence(deciding),
    });
  }
  const missing = holding.listener.group_by.find((path) => readPath(path, event, item) === undefined);
  if (missing !== undefined) {
    const deciding = leaf(
      missing,
      'exists',
      undefined,
      true,
      tools.places(trigger.origin, `${trigger.origin.pointer}/group_by`),
    );
    return verdict({
      ...common,
      outcome: 'not_matched',
      deciding,
      reason: `the group cannot be told: ${sentence(deciding)}`,
    });
  }
  const [suppression] = happened.suppressions;
  if (suppression !== undefined) {
    const until = suppression.until === null ? '' : ` until ${formatTime(suppression.until)}`;
    return verdict({ ...common, outcome: 'suppressed', reason: `suppressed by ${suppression.gate}${until}` });
  }
  if (compiled.completion !== null) {
    const completion = whyNode(
      tools.matcher.explain(compiled.completion, event, item),
      trigger.origin,
      tools.places,
    );
    const deciding = completion.holds ? null : decidingTest(completion);
    if (deciding !== null) {
      return verdict({
        ...common,
        outcome: 'remembered',
        deciding,
        reason: `${happened.state ?? 'remembered'}; at completion ${sentence(deciding)}`,
      });
    }
  }
  return verdict({
    ...common,
    outcome: 'remembered',
    reason: happened.state ?? 'remembered: the condition is not complete',
  });
}

function readPath(path: string, event: Event, item: Json): Json | undefined {
  const steps = parsePath(path);
  if (isPathProblem(steps)) return undefined;
  return steps[0] === 'item' ? readSteps(item, steps, 1) : readSteps(event as unknown as Json, steps);
}

function leaf(
  path: string,
  operator: string,
  found: Json | undefined,
  wanted: Json,
  place: WhyNode['place'],
): WhyNode {
  return {
    kind: 'field',
    holds: false,
    path,
    operator,
    ...(found === undefined ? { missing: true } : { found }),
    wanted,
    place,
  };
}

export function whyNode(trace: Trace, origin: Origin, places: Places): WhyNode {
  const place = trace.pointer === '' ? null : places(origin, trace.pointer);
  if (trace.kind !== 'field') {
    return {
      kind: trace.kind,
      holds: trace.holds,
      place,
      tests: trace.tests.map((test) => whyNode(test, origin, places)),
    };
  }
  return {
    kind: 'field',
    holds: trace.holds,
    path: trace.path,
    operator: trace.operator,
    ...(trace.found === undefined ? { missing: true } : { found: trace.found }),
    wanted: trace.wanted,
    ...(trace.note === null ? {} : { note: trace.note }),
    place,
  };
}

/** The test that decided a tree's answer: the first failing one in `all`, the least failing alternative in `any`. */
export function decidingTest(node: WhyNode): WhyNode | null {
  if (node.kind === 'field') return node;
  const tests = node.tests ?? [];
  if (node.kind === 'not') return tests[0] === undefined ? null : decidingTest(tests[0]);
  const deciding =
    node.kind === 'all' ? tests.find((test) => test.holds === node.holds) : leastFailing(tests, node.holds);
  return deciding === undefined ? null : decidingTest(deciding);
}

function leastFailing(tests: readonly WhyNode[], holds: boolean): WhyNode | undefined {
  const alike = tests.filter((test) => test.holds === holds);
  return alike.sort((a, b) => failures(a) - failures(b))[0];
}

function failures(node: WhyNode): number {
  if (node.kind === 'field') return node.holds ? 0 : 1;
  return (node.tests ?? []).reduce((sum, test) => sum + failures(test), 0);
}

/** A deciding test in one sentence: `payload.region is "us", wanted equal "eu"`. */
export function sentence(test: WhyNode): string {
  const found = test.missing ? 'is not there' : `is ${preview(test.found)}`;
  const note = test.note === undefined ? '' : ` (${test.note})`;
  if (test.holds)
    return `${test.path} ${found}, which must not hold: ${test.operator} ${preview(test.wanted)}${note}`;
  return `${test.path} ${found}, wanted ${test.operator} ${preview(test.wanted)}${note}`;
}
