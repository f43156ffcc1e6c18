import { formatDuration } from '../kernel/duration.js';
import { canonicalJson } from '../kernel/json.js';
import type { PathSteps } from '../kernel/path.js';
import type { Occurrence } from '../model/event.js';
import type { Reducer } from '../ports/condition-kind.js';
import { aggregateOf, type Aggregate } from './aggregate.js';
import { comparisonText, passes, type NumberComparison } from './comparison.js';
import { readField } from './field-reader.js';
import {
  countUntil,
  enterWindow,
  expireWindow,
  openWindow,
  type Window,
  type WindowValue,
} from './window.js';

/** Settings of a threshold over a window, ready to run. */
export type ThresholdSettings = {
  readonly aggregate: Aggregate;
  /** Steps of the field; empty for a count. */
  readonly field: PathSteps;
  readonly compare: NumberComparison;
  readonly withinMs: number;
  readonly minimumEvents: number;
  readonly keep: boolean;
};

interface ThresholdSlice {
  window: Window;
  /** With `keep`: whether the test held the last time it was asked. */
  held: boolean;
}

/**
 * A threshold over a sliding window. The window ends at the greatest event time seen for the group, reaches back `within`
 * and excludes its beginning. An event that brings no value moves the end of the window like any other, but the test is
 * not asked of it: what completes a threshold is an event that counts.
 */
export const thresholdWindow: Reducer = {
  version: 1,
  onEvent(slice, _roles, occurrence, plan, context) {
    const settings = plan.settings as unknown as ThresholdSettings;
    const state = (slice as ThresholdSlice | undefined) ?? {
      window: openWindow(occurrence.at),
      held: false,
    };
    const { window } = state;
    if (occurrence.at > window.latestAt) window.latestAt = occurrence.at;
    const cutoff = window.latestAt - settings.withinMs;
    expireWindow(window, cutoff);
    if (occurrence.at <= cutoff) {
      context.count('late_events');
      return state;
    }
    const value = valueOf(occurrence, settings);
    if (value === undefined) {
      context.count('skipped_events');
      return state;
    }
    const capped = enterWindow(window, occurrence, value);
    if (capped > 0) context.count('capped_events', capped);

    const aggregate = aggregateOf(settings.aggregate, window);
    const holds = window.events.length >= settings.minimumEvents && passes(aggregate, settings.compare);
    const fires = holds && !state.held;
    if (settings.keep) state.held = holds;
    if (!fires) return state;
    context.fire({ event: occurrence, events: [...window.events], value: aggregate });
    if (!settings.keep) state.window = openWindow(window.latestAt);
    return state;
  },
  onTimer: (slice) => slice,
  describe(slice, plan, now) {
    const settings = plan.settings as unknown as ThresholdSettings;
    const { window, held } = slice as ThresholdSlice;
    const gone = countUntil(window, now - settings.withinMs);
    const oldest = window.events[gone];
    if (oldest === undefined) return 'the window is empty';
    const left = openWindow(window.latestAt);
    for (let i = gone; i < window.events.length; i++)
      enterWindow(left, window.events[i] as Occurrence, window.values[i] as WindowValue);
    const leaves = formatDuration(oldest.at + settings.withinMs - now);
    return `${standing(left, settings)}, the oldest leaves in ${leaves}${held ? ', reported already' : ''}`;
  },
};

/** What an event brings into the aggregate; undefined when it brings nothing. */
function valueOf(occurrence: Occurrence, { aggregate, field }: ThresholdSettings): WindowValue | undefined {
  if (aggregate === 'count') return 1;
  const value = readField(occurrence, field);
  if (aggregate === 'distinct') return value === undefined ? undefined : canonicalJson(value);
  // Adding 0 turns -0, which JSON text does not always keep, into 0.
  return typeof value === 'number' ? value + 0 : undefined;
}

function standing(window: Window, { aggregate, compare, minimumEvents }: ThresholdSettings): string {
  const events = window.events.length;
  const few = events < minimumEvents ? ` (${minimumEvents} events needed)` : '';
  if (aggregate === 'count' && compare.comparison === 'at_least')
    return `${events} of ${compare.bound} in the window${few}`;
  const value = aggregateOf(aggregate, window);
  const over = aggregate === 'count' ? 'in the window' : `over ${events} in the window`;
  return `${aggregate} is ${value} ${over}, ${comparisonText(compare)} wanted${few}`;
}
