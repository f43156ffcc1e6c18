import { parseDates, parseDays, parseMinuteOfDay, parseTimezone, DAY_NAMES } from '../../kernel/hours.js';
import type { JsonObject } from '../../kernel/json.js';
import type { BuildContext } from '../../ports/condition-kind.js';
import type { ClockSettings } from './clock.js';
import { expectedByReducer, type ExpectedBySettings } from './expected-by-reducer.js';
import { readOr, type TimeVariant } from './variant.js';

type ExpectedByInput = JsonObject & {
  readonly expected_by: string;
  readonly timezone?: string;
  readonly days?: readonly string[];
  readonly except?: readonly string[];
};

/** `expected_by`: fires at a time of day if no matching event came since the time before. */
export const expectedBy: TimeVariant = {
  heads: ['expected_by'],
  settings: ['timezone', 'days', 'except'],
  properties: {
    expected_by: {
      description:
        'Time of day by which a matching event must have come, counted from the time before; one at the very time is in time. With group_by, for each group that was seen.',
      type: 'string',
      pattern: '^([01]\\d|2[0-3]):[0-5]\\d$',
      examples: ['09:00'],
    },
  },
  build(given, context) {
    const settings = given as ExpectedByInput;
    const ready: ExpectedBySettings = {
      clock: readClock(settings, context),
      grouped: context.groupBy.length > 0,
    };
    return {
      memory: 'group',
      variant: 'expected_by',
      settings: ready as unknown as JsonObject,
      listeners: [
        { role: 'match', event_types: context.eventTypes, test: context.filters, group_by: context.groupBy },
      ],
    };
  },
  memory: { variant: 'expected_by', reducer: expectedByReducer },
};

function readClock(settings: ExpectedByInput, context: BuildContext): ClockSettings {
  const minuteOfDay = readOr(parseMinuteOfDay(settings.expected_by, 'expected_by'), 0, context);
  const timezone = readOr(parseTimezone(settings.timezone ?? 'UTC'), 'UTC', context);
  const days = settings.days === undefined ? [] : readOr(parseDays(settings.days), [], context);
  const except = readOr(parseDates(settings.except ?? []), [], context);
  const weekdays = days.length === 0 ? '*' : days.map((day) => DAY_NAMES.indexOf(day)).join(',');
  const cron = `${minuteOfDay % 60} ${Math.floor(minuteOfDay / 60)} * * ${weekdays}`;
  return { from: 'cron', cron, timezone, except };
}
