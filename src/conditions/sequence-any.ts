import { formatDuration } from '../kernel/duration.js';
import { enterPool, fillSteps, namedFilling, stepsThere, type Pool } from './sequence-pool.js';
import {
  progressText,
  stepsAmong,
  type SequenceReducer,
  type SequenceSettings,
} from './sequence-settings.js';
import { UNLESS } from './unless-listener.js';

/**
 * A sequence in any order: each step keeps its latest events, as many as there are steps, and it fires when enough steps
 * can be filled by distinct events within the time of each other.
 */
export const sequenceAny: SequenceReducer = {
  version: 1,
  onEvent(slice, roles, occurrence, plan, context) {
    const { names, withinMs, require } = plan.settings as unknown as SequenceSettings;
    const held = roles.includes(UNLESS) ? [] : ((slice as Pool | undefined) ?? []);
    const steps = stepsAmong(roles);
    if (steps.length === 0) return held.length === 0 ? undefined : held;
    const pool = enterPool(held, occurrence, steps, names.length, Number.POSITIVE_INFINITY);
    if (stepsThere(pool) < require) return pool;
    // It did not fire without this event, so a filling that is large enough has it, and lies around it.
    const filling = fillSteps(pool, occurrence.at, withinMs, require);
    if (filling.filled.size < require) return pool;
    context.fire({ event: occurrence, events: filling.events, steps: namedFilling(filling, names) });
    return undefined;
  },
  onTimer: (slice) => slice,
  describe(slice, plan, now) {
    const { names, withinMs, require } = plan.settings as unknown as SequenceSettings;
    const recent = (slice as Pool).filter(({ occurrence }) => occurrence.at >= now - withinMs);
    const { events, filled } = fillSteps(recent, now, withinMs, names.length);
    const oldest = events[0];
    if (oldest === undefined) return `no step there within the last ${formatDuration(withinMs)}`;
    const there = [...filled.keys()].map((step) => names[step] as string);
    return `${progressText(there, require)}, ${formatDuration(oldest.at + withinMs - now)} left`;
  },
};
