import { localTime, parseDates, parseTimezone } from '../../kernel/hours.js';
import type { Json, JsonObject } from '../../kernel/json.js';
import { formatTime, parseTime } from '../../kernel/time.js';
import type { BuildContext } from '../../ports/condition-kind.js';
import { durationSchema, readDuration } from '../duration-setting.js';
import { clockOf, type ClockSettings } from './clock.js';
import { isCronProblem, parseCron } from './cron.js';
import { scheduleReducer, type ScheduleSettings } from './schedule-reducer.js';
import { readOr, type TimeVariant } from './variant.js';

const SHORTEST_EVERY_MS = 1_000;
const DEFAULT_MISSED_WITHIN = '1h';
/** Any instant will do: whether a schedule ever comes does not depend on when it is asked. */
const SOME_TIME = Date.UTC(2000, 0, 1);

type ScheduleInput = JsonObject & {
  readonly cron?: string;
  readonly every?: string;
  readonly at?: string | readonly string[];
  readonly timezone?: string;
  readonly except?: readonly string[];
  readonly missed?: 'latest' | 'skip' | 'all';
  readonly missed_within?: string;
};

/** `cron`, `every`, `at`: fires by the clock, without an event. */
export const schedule: TimeVariant = {
  heads: ['cron', 'every', 'at'],
  settings: ['timezone', 'except', 'missed', 'missed_within'],
  properties: {
    cron: {
      description:
        'Five fields (minute hour day-of-month month day-of-week) or six with seconds first, read in the time zone. When both day fields are given, either may match. A time that summer time skips moves to the next valid minute; one that comes twice fires once.',
      type: 'string',
      minLength: 1,
      maxLength: 256,
      examples: ['0 9 * * 1-5', '30 2 * * *', '0 0 12 L * *'],
    },
    every: durationSchema(
      'Multiples of this since midnight of 1970-01-01 in the time zone, at least 1s: 15m fires at each quarter of an hour. Like all wall-clock times, those of a repeated hour fire once.',
      '15m',
      '6h',
    ),
    at: {
      description: 'RFC 3339 times, one or a list; those before the engine starts are past.',
      type: ['string', 'array'],
      minItems: 1,
      maxItems: 1_000,
      items: { type: 'string' },
      examples: ['2026-12-31T23:59:00+01:00'],
    },
    missed: {
      description:
        'What fell due while the engine did not run: latest fires once for all of it, skip not at all, all fires each (the last 1 000).',
      enum: ['latest', 'skip', 'all'],
      default: 'latest',
    },
    missed_within: {
      ...durationSchema('What fell due longer ago than this is not made up for.', '1h', '1d'),
      default: DEFAULT_MISSED_WITHIN,
    },
  },
  build(given, context) {
    const settings = given as ScheduleInput;
    refuseEvents(context);
    const withinText = settings.missed_within ?? DEFAULT_MISSED_WITHIN;
    const ready: ScheduleSettings = {
      clock: readClock(settings, context),
      missed: settings.missed ?? 'latest',
      missedWithinMs: readDuration(withinText, `${context.pointer}/missed_within`, context),
    };
    return { memory: 'group', variant: 'schedule', settings: ready as unknown as JsonObject, listeners: [] };
  },
  memory: { variant: 'schedule', reducer: scheduleReducer },
};

/** A schedule has no event, so what is written about one would never be asked. */
function refuseEvents({ groupBy, filters, pointer, report }: BuildContext): void {
  if (groupBy.length > 0) {
    report('group-shape', pointer, 'a schedule has no event to read a group from', 'leave group_by out');
  }
  if (filters.kind !== 'all' || filters.tests.length > 0) {
    report(
      'condition-combination',
      pointer,
      'a schedule has no event, so that the filters are never asked',
      'leave filters out; to fire in certain hours only, add during beside it in all:',
    );
  }
}

function readClock(settings: ScheduleInput, context: BuildContext): ClockSettings {
  const { pointer } = context;
  const timezone = readOr(parseTimezone(settings.timezone ?? 'UTC'), 'UTC', context);
  const except = readOr(parseDates(settings.except ?? []), [], context);
  if (settings.at !== undefined)
    return { from: 'at', at: readInstants(settings.at, timezone, except, context) };
  if (settings.every !== undefined) {
    const everyMs = readDuration(settings.every, `${pointer}/every`, context);
    if (everyMs < SHORTEST_EVERY_MS && everyMs > 0) {
      context.report(
        'wrong-value',
        `${pointer}/every`,
        `every ${settings.every} is too often`,
        'at least 1s',
      );
    }
    return { from: 'every', everyMs: Math.max(everyMs, SHORTEST_EVERY_MS), timezone, except };
  }
  const cron = settings.cron as string;
  const clock: ClockSettings = { from: 'cron', cron, timezone, except };
  const parsed = parseCron(cron);
  if (isCronProblem(parsed)) {
    context.report('schedule-invalid', `${pointer}/cron`, parsed.message, parsed.hint);
  } else if (clockOf({ ...clock, timezone: 'UTC', except: [] }).next(SOME_TIME) === null) {
    // Whether a date ever comes is the same in every zone, and UTC needs no calendar of one.
    context.report(
      'schedule-invalid',
      `${pointer}/cron`,
      `no date matches ${cron}`,
      'e.g. 30 February never comes',
    );
  }
  return clock;
}

function readInstants(
  raw: string | readonly string[],
  timezone: string,
  except: readonly string[],
  context: BuildContext,
): readonly number[] {
  const pointer = `${context.pointer}/at`;
  const texts = typeof raw === 'string' ? [raw] : raw;
  const instants = new Set<number>();
  texts.forEach((text, index) => {
    const instant = parseTime(text);
    if (instant !== undefined) {
      instants.add(instant);
      return;
    }
    context.report(
      'schedule-invalid',
      typeof raw === 'string' ? pointer : `${pointer}/${index}`,
      `${JSON.stringify(text as Json)} is no RFC 3339 time`,
      `write it with its offset: ${formatTime(SOME_TIME)}`,
    );
  });
  const kept = [...instants].filter((instant) => !except.includes(localTime(instant, timezone).date));
  if (kept.length === 0 && instants.size > 0) {
    context.report(
      'schedule-invalid',
      pointer,
      'every time of at is on a date of except',
      'then it never fires',
    );
  }
  return kept.sort((a, b) => a - b);
}
