import type { JsonObject } from '../kernel/json.js';
import type { ConditionKind, Reducer, ReducerPlan } from '../ports/condition-kind.js';
import { deadline } from './time/deadline.js';
import { during } from './time/during.js';
import { expectedBy } from './time/expected-by.js';
import { schedule } from './time/schedule.js';
import { sharedSettings } from './time/shared-settings.js';
import { silence } from './time/silence.js';
import type { TimeReducer, TimeVariant } from './time/variant.js';

const VARIANTS: readonly TimeVariant[] = [during, schedule, deadline, silence, expectedBy];
const HEADS = VARIANTS.flatMap(({ heads }) => heads);
const REDUCERS: ReadonlyMap<string, TimeReducer> = new Map(
  VARIANTS.flatMap(({ memory }) => (memory === null ? [] : [[memory.variant, memory.reducer] as const])),
);

/** Fires by the clock: in hours of the week, on a schedule, at a deadline, at a silence, or at a time of day without news. */
export const timeBased: ConditionKind = {
  name: 'time_based',
  summary: 'Fires by the clock: in certain hours, on a schedule, at a deadline, or when events stay away.',
  schema: {
    title: 'time_based',
    description:
      'One of: during (hours of the week) · cron, every or at (a schedule, without an event) · after (a deadline that unless cancels, or a plain delay) · no_event_for (a silence) · expected_by (a time of day by which an event must have come).',
    type: 'object',
    additionalProperties: false,
    properties: Object.assign({}, ...VARIANTS.map(({ properties }) => properties), sharedSettings) as object,
    examples: [
      { during: { days: ['mon-fri'], from: '09:00', to: '17:00', timezone: 'Europe/Berlin' } },
      { cron: '0 9 * * 1-5', timezone: 'Europe/Berlin', except: ['2026-12-25'] },
      { every: '15m' },
      { at: '2026-12-31T23:59:00+01:00' },
      { after: '10m', unless: { event_types: ['order.paid'] } },
      { no_event_for: '5m' },
      { expected_by: '09:00', timezone: 'Europe/Berlin', days: ['mon-fri'] },
    ],
  },
  classicSchema: null,
  examples: [
    {
      time_based: { during: { days: ['mon-fri'], from: '22:00', to: '06:00', timezone: 'America/New_York' } },
    },
    { time_based: { cron: '30 7 * * 1', timezone: 'Europe/Berlin', missed: 'latest', missed_within: '6h' } },
    { time_based: { after: '10m', unless: { event_types: ['workflow.completed'] }, restart: true } },
    { time_based: { no_event_for: '5m', unless: { event_types: ['system.shutdown'] } } },
    { time_based: { expected_by: '09:00', timezone: 'Europe/Berlin' } },
  ],
  build(given, context) {
    const settings = given as JsonObject;
    const [head, second] = HEADS.filter((key) => settings[key] !== undefined);
    const variant = VARIANTS.find(({ heads }) => heads.includes(head ?? ''));
    if (head === undefined || variant === undefined) {
      context.report(
        'missing-key',
        context.pointer,
        'time_based does not say by which time',
        `one of ${HEADS.join(', ')}`,
      );
      return { memory: 'none', test: { kind: 'any', tests: [], pointer: context.pointer } };
    }
    if (second !== undefined) {
      context.report(
        'wrong-value',
        `${context.pointer}/${second}`,
        `${head} and ${second} are two conditions`,
        'write two triggers, or put during beside the other in all:',
      );
      return variant.build(settings, context);
    }
    for (const key of Object.keys(settings)) {
      if (key === head || variant.settings.includes(key)) continue;
      const home = VARIANTS.filter((other) => other.settings.includes(key)).flatMap(({ heads }) => heads);
      const hint = variant === during ? `write it inside of during` : `it goes with ${home.join(', ')}`;
      context.report('wrong-value', `${context.pointer}/${key}`, `${key} does not go with ${head}`, hint);
    }
    return variant.build(settings, context);
  },
  reducer: {
    version: 1,
    onEvent: (slice, roles, occurrence, plan, context) =>
      reducerOf(plan).onEvent(slice, roles, occurrence, plan, context),
    onTimer: (slice, timer, plan, context) => reducerOf(plan).onTimer(slice, timer, plan, context),
    initialGroups: (plan) => reducerOf(plan).initialGroups(plan),
    onStart: (slice, plan, context) => reducerOf(plan).onStart(slice, plan, context),
    afterDowntime: (plan) => reducerOf(plan).afterDowntime(plan),
    describe: (slice, plan, now) => reducerOf(plan).describe(slice, plan, now),
  } satisfies Reducer,
};

function reducerOf({ variant }: ReducerPlan): TimeReducer {
  const reducer = REDUCERS.get(variant);
  if (reducer === undefined) throw new TypeError(`time_based has no variant ${variant}`);
  return reducer;
}
