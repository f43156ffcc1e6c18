import { offsetMs, wallToInstant } from '../../kernel/timezone.js';
import { isCronProblem, parseCron, type WallTimes } from './cron.js';

const DAY_MS = 86_400_000;

/** Instants of a schedule, ascending, no two the same. */
export interface Clock {
  /** The first instant after this one, epoch ms; null = there is none any more. */
  next(afterMs: number): number | null;
}

/** What makes a clock, as plain data. */
export type ClockSettings =
  | {
      readonly from: 'cron';
      readonly cron: string;
      readonly timezone: string;
      readonly except: readonly string[];
    }
  | {
      readonly from: 'every';
      readonly everyMs: number;
      readonly timezone: string;
      readonly except: readonly string[];
    }
  /** Ascending, epoch ms, exceptions left out already. */
  | { readonly from: 'at'; readonly at: readonly number[] };

const clocks = new WeakMap<ClockSettings, Clock>();

/** The clock of settings, made once for each object. */
export function clockOf(settings: ClockSettings): Clock {
  let clock = clocks.get(settings);
  if (clock === undefined) {
    clock = makeClock(settings);
    clocks.set(settings, clock);
  }
  return clock;
}

function makeClock(settings: ClockSettings): Clock {
  if (settings.from === 'at') {
    const { at } = settings;
    return { next: (afterMs) => at.find((instant) => instant > afterMs) ?? null };
  }
  const times = settings.from === 'cron' ? cronTimes(settings.cron) : multiples(settings.everyMs);
  return zonedClock(times, settings.timezone, settings.except);
}

function cronTimes(expression: string): WallTimes {
  const times = parseCron(expression);
  return isCronProblem(times) ? { next: () => null } : times;
}

/** Multiples of a duration since midnight of 1970-01-01 on the wall clock: those of a divisor of a day meet midnight. */
function multiples(everyMs: number): WallTimes {
  return { next: (wallMs) => (Math.floor(wallMs / everyMs) + 1) * everyMs };
}

/**
 * Wall-clock times in a zone. A time that summer time skips comes at the end of the gap, together with whatever else does;
 * one that the clock shows twice comes the first time only, so an `every: 15m` of a zone with summer time pauses for the
 * repeated hour (in UTC it never does). Exceptions are dates of the wall clock, those of a skipped time included.
 */
function zonedClock(times: WallTimes, timezone: string, except: readonly string[]): Clock {
  const excepted = new Set(except.map((date) => Date.parse(`${date}T00:00:00Z`) / DAY_MS));
  return {
    next(afterMs) {
      let wallMs = afterMs + offsetMs(afterMs, timezone);
      for (;;) {
        const next = times.next(wallMs);
        if (next === null) return null;
        const day = Math.floor(next / DAY_MS);
        if (excepted.has(day)) {
          wallMs = (day + 1) * DAY_MS - 1;
          continue;
        }
        const instant = wallToInstant(next, timezone);
        if (instant !== null && instant > afterMs) return instant;
        wallMs = next;
      }
    },
  };
}
