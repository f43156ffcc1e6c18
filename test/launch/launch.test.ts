import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Fault } from '../../src/kernel/fault.js';
import type { Json, JsonObject } from '../../src/kernel/json.js';
import { createLauncher, type Launcher } from '../../src/launch/launch.js';
import { createTemplates } from '../../src/launch/liquid.js';
import type { Firing } from '../../src/model/decision.js';
import type { Event, Occurrence } from '../../src/model/event.js';
import type { Ruleset } from '../../src/model/ruleset.js';
import type { Trigger } from '../../src/model/trigger.js';

const AT = Date.parse('2026-01-01T00:00:13Z');

/** The failure event of the reference's example. */
const failure: Event = {
  event_id: '0198c0de-1111-7000-8000-000000000001',
  event_type: 'workflow.failed',
  source: 'workflow_engine',
  target: null,
  payload: {
    workflow_id: 'wf_critical_123',
    workflow_name: 'payment-processor',
    error: 'Database connection failed',
    concurrent_workflows: 75,
  },
  metadata: {},
  timestamp: '2026-01-01T00:00:13Z',
  priority: 'high',
  correlation_id: null,
  session_id: null,
  user_id: 'system',
  channel: null,
  retryable: true,
  max_retries: 3,
  retry_count: 0,
};

function occurrenceOf(event: Event, item: Json = null, index = -1): Occurrence {
  return { event, at: AT, arrivedAt: AT, item, index };
}

function triggerOf(changes: Partial<Trigger>): Trigger {
  return {
    trigger_id: 'failure_response_trigger',
    description: 'Recovers.',
    event_types: ['workflow.failed'],
    filters: { kind: 'all', tests: [], pointer: '' },
    group_by: [],
    condition: { kind: 'all', tests: [], pointer: '' },
    memory: null,
    launches: [],
    cooldown: null,
    debounceMs: null,
    collect: null,
    once_per: [],
    max_executions: null,
    active: true,
    mode: 'launch',
    first_of: null,
    for_each: null,
    latenessMs: 5_000,
    max_groups: 100_000,
    allow_loop: false,
    tags: ['oncall'],
    origin: { file: 'rules/a.yaml', document: 0, pointer: '/triggers/0' },
    ...changes,
  };
}

function launcherOf(trigger: Trigger, variables: JsonObject = {}): Launcher {
  const ruleset: Ruleset = {
    hash: 'h',
    triggers: [{ ordinal: 0, trigger, listeners: [], completion: null, conditionHash: 'c' }],
    listeners: [],
    workflows: new Map(),
    variables,
  };
  return createLauncher(ruleset, createTemplates());
}

function launching(...inputs: readonly (readonly [workflow: string, input: JsonObject])[]): Partial<Trigger> {
  return {
    launches: inputs.map(([workflow_name, workflow_input], index) => ({
      workflow_name,
      workflow_input,
      pointer: `/triggers/0/launches/${index}`,
    })),
  };
}

function firingOf(changes: Partial<Firing> = {}): Firing {
  const event = occurrenceOf(failure);
  return {
    trigger: 0,
    group: [],
    groupBy: [],
    event,
    events: [event],
    steps: {},
    value: null,
    at: AT,
    cause: 'event',
    standsFor: 1,
    ...changes,
  };
}

const recovery = launching([
  'failure-recovery-workflow',
  { recovery_mode: 'automatic', notify_admins: true },
]);

describe('a launch', () => {
  test('of the reference’s failure event has the reference’s input, in its order', () => {
    const [launch] = launcherOf(triggerOf(recovery)).launches(firingOf());
    expect(JSON.stringify(launch?.input)).toBe(
      JSON.stringify({
        trigger_event: failure,
        trigger_id: 'failure_response_trigger',
        triggered_at: '2026-01-01T00:00:13Z',
        recovery_mode: 'automatic',
        notify_admins: true,
      }),
    );
    expect(launch).toMatchObject({
      trigger_id: 'failure_response_trigger',
      workflow_name: 'failure-recovery-workflow',
      mode: 'launch',
      at: AT,
      event_id: failure.event_id,
      events: [failure.event_id],
      group: {},
      item_index: null,
      warnings: [],
    });
  });

  test('by a timer without an event has null for its event', () => {
    const [launch] = launcherOf(triggerOf(recovery)).launches(
      firingOf({ event: null, events: [], cause: 'schedule' }),
    );
    expect(launch?.input['trigger_event']).toBeNull();
    expect([launch?.event_id, launch?.events]).toEqual([null, []]);
  });

  test('names the group by its paths', () => {
    const firing = firingOf({ groupBy: ['payload.region', '__proto__'], group: ['eu', 5] });
    const [launch] = launcherOf(
      triggerOf({ ...recovery, group_by: ['payload.region', '__proto__'] }),
    ).launches(firing);
    expect(Object.entries(launch?.group ?? {})).toEqual([
      ['payload.region', 'eu'],
      ['__proto__', 5],
    ]);
  });

  test('of an observing trigger says so', () => {
    expect(launcherOf(triggerOf({ ...recovery, mode: 'observe' })).launches(firingOf())[0]?.mode).toBe(
      'observe',
    );
  });

  test('of a for_each element tells its index', () => {
    const firing = firingOf({ event: occurrenceOf(failure, { sku: 'x' }, 2) });
    const [launch] = launcherOf(triggerOf(launching(['w', { sku: '{{ item.sku }}' }]))).launches(firing);
    expect([launch?.item_index, launch?.input['sku']]).toEqual([2, 'x']);
  });

  test('renders every name a template may read', () => {
    const earlier = { ...failure, event_id: 'earlier' };
    const firing = firingOf({
      events: [occurrenceOf(earlier), occurrenceOf(failure)],
      steps: { opened: occurrenceOf(earlier) },
      groupBy: ['payload.workflow_name'],
      group: ['payment-processor'],
      value: 5,
      standsFor: 3,
    });
    const input = {
      event: '{{ event.payload.error }}',
      count: '{{ events.size }}',
      ids: '{{ events | map: "event_id" | join: "," }}',
      step: '{{ steps.opened.event_id }}',
      trigger: '{{ trigger.trigger_id }}/{{ trigger.description }}/{{ trigger.tags }}/{{ trigger.mode }}',
      stands: '{{ trigger.stands_for }}',
      group: '{{ group["payload.workflow_name"] }}',
      value: '{{ value }}',
      variable: '{{ vars.max_load }}',
      now: '{{ now }}',
      item: '{{ item }}',
    };
    const [launch] = launcherOf(triggerOf(launching(['w', input])), { max_load: 80 }).launches(firing);
    expect(launch?.input).toMatchObject({
      event: 'Database connection failed',
      count: 2,
      ids: `earlier,${failure.event_id}`,
      step: 'earlier',
      trigger: 'failure_response_trigger/Recovers./["oncall"]/launch',
      stands: 3,
      group: 'payment-processor',
      value: 5,
      variable: 80,
      now: '2026-01-01T00:00:13Z',
      item: null,
    });
    expect(launch?.warnings).toEqual([]);
    expect(launch?.events).toEqual(['earlier', failure.event_id]);
  });

  test('carries the warnings of its templates', () => {
    const [launch] = launcherOf(triggerOf(launching(['w', { a: '{{ event.payload.absent }}' }]))).launches(
      firingOf(),
    );
    expect(launch?.input['a']).toBeNull();
    expect(launch?.warnings).toEqual(['/a: event.payload.absent is missing in "{{ event.payload.absent }}"']);
  });

  test('with too large an output is a Fault that names trigger, workflow and template', () => {
    const launcher = launcherOf(triggerOf(launching(['w', { all: '{{ event.payload }}' }])));
    const event = occurrenceOf({ ...failure, payload: { text: 'x'.repeat(300_000) } });
    expect(() => launcher.launches(firingOf({ event }))).toThrow(Fault);
    expect(() => launcher.launches(firingOf({ event }))).toThrow(
      /trigger failure_response_trigger cannot launch w: .*\/all is over 256 KiB \(workflow_input at \/triggers\/0\/launches\/0\)/,
    );
  });

  test('of templates that were never validated is an internal Fault', () => {
    expect(() => launcherOf(triggerOf(launching(['w', { a: '{{ nope }}' }])))).toThrow(/was not validated/);
  });

  test('is plain JSON', () => {
    const [launch] = launcherOf(triggerOf(recovery)).launches(
      firingOf({ group: ['eu'], groupBy: ['payload.region'] }),
    );
    expect(JSON.parse(JSON.stringify(launch))).toEqual(launch);
  });
});

describe('the launch id', () => {
  const idsOf = (trigger: Partial<Trigger>, firing: Partial<Firing>): readonly string[] =>
    launcherOf(triggerOf(trigger))
      .launches(firingOf(firing))
      .map(({ launch_id }) => launch_id);

  test('is the same for the same decision, whatever the input says', () => {
    const [id] = idsOf(recovery, {});
    expect(id).toMatch(/^l_[0-9a-f]{32}$/);
    expect(
      idsOf(
        { ...launching(['failure-recovery-workflow', { other: '{{ now }}' }]), description: 'x' },
        { value: 3 },
      ),
    ).toEqual([id]);
  });

  // A changed id would launch again what was launched before an upgrade.
  test('stays what it is from version to version', () => {
    expect(idsOf(recovery, {})).toEqual(['l_9c34a4b1d0e1a982f967fc8d92f25170']);
    expect(idsOf(recovery, { event: null, cause: 'schedule' })).toEqual([
      'l_0b40f5b748ea9f61b75e893d74f4e54b',
    ]);
  });

  test('does not depend on when an event arrived, but on when a timer was due', () => {
    expect(idsOf(recovery, { at: AT + 1 })).toEqual(idsOf(recovery, {}));
    expect(idsOf(recovery, { cause: 'deadline', at: AT + 1 })).not.toEqual(
      idsOf(recovery, { cause: 'deadline' }),
    );
  });

  test.each<[string, Partial<Trigger>, Partial<Firing>]>([
    ['trigger', { ...recovery, trigger_id: 'other' }, {}],
    ['workflow', launching(['other', {}]), {}],
    ['group', recovery, { group: ['eu'], groupBy: ['payload.region'] }],
    ['for_each index', recovery, { event: occurrenceOf(failure, 'x', 0) }],
    ['event', recovery, { event: occurrenceOf({ ...failure, event_id: 'other' }) }],
    ['timer', recovery, { cause: 'deadline' }],
  ])('differs by %s', (_what, trigger, firing) => {
    expect(idsOf(trigger, firing)).not.toEqual(idsOf(recovery, {}));
  });

  test('differs between two launches of one workflow, and not by the order among others', () => {
    const [first, second] = idsOf(launching(['w', { a: 1 }], ['w', { a: 2 }]), {});
    expect(first).not.toBe(second);
    expect(idsOf(launching(['other', {}], ['w', { a: 1 }], ['w', { a: 2 }]), {}).slice(1)).toEqual([
      first,
      second,
    ]);
  });

  test('is another one for every other group and event id', () => {
    const groups = fc.array(fc.jsonValue() as fc.Arbitrary<Json>, { maxLength: 2 });
    const ids = fc.string({
      unit: fc.constantFrom('a', '\n', '"', '[', ']', ' ', '-', '1'),
      minLength: 1,
      maxLength: 6,
    });
    const launcher = launcherOf(triggerOf(recovery));
    const seen = new Map<string, string>();
    fc.assert(
      fc.property(groups, ids, fc.integer({ min: -1, max: 2 }), (group, event_id, index) => {
        const firing = firingOf({
          group,
          groupBy: group.map((_, position) => `payload.${position}`),
          event: occurrenceOf({ ...failure, event_id }, null, index),
        });
        const id = launcher.launches(firing)[0]?.launch_id as string;
        const key = JSON.stringify([group.map(canonical), event_id, index]);
        expect(seen.get(id) ?? key).toBe(key);
        seen.set(id, key);
      }),
      { numRuns: 500 },
    );
  });
});

/** Key order does not make another group. */
function canonical(value: Json): Json {
  if (Array.isArray(value)) return value.map((element) => canonical(element as Json));
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => [key, canonical(member as Json)]);
}
