import { Cron, CronPattern } from 'croner';
import { cronDays, type CronDays } from './cron-days.js';

const SECONDS_OF_DAY = 86_400;

/** Wall-clock times without a zone, as milliseconds since 1970-01-01T00:00 on the same clock. */
export interface WallTimes {
  /** The first time after this one; null = there is none any more. */
  next(wallMs: number): number | null;
}

export interface CronProblem {
  readonly message: string;
  readonly hint: string;
}

const NICKNAMES: ReadonlyMap<string, string> = new Map([
  ['@yearly', '0 0 1 1 *'],
  ['@annually', '0 0 1 1 *'],
  ['@monthly', '0 0 1 * *'],
  ['@weekly', '0 0 * * 0'],
  ['@daily', '0 0 * * *'],
  ['@midnight', '0 0 * * *'],
  ['@hourly', '0 * * * *'],
]);
const FIELDS = 'five fields (minute hour day-of-month month day-of-week), or six with seconds first';
const PATTERNS_KEPT = 1_000;
const patterns = new Map<string, WallTimes>();

/**
 * The times of a cron expression of five or six fields. croner reads the expression and says which dates match; the times
 * of day are stepped through here, and the time zone is applied by the caller: its own walk costs 50–250 µs a step.
 */
export function parseCron(expression: string): WallTimes | CronProblem {
  const known = patterns.get(expression);
  if (known !== undefined) return known;
  const nickname = NICKNAMES.get(expression.trim().toLowerCase());
  if (expression.includes('@')) {
    const hint = nickname === undefined ? FIELDS : `write ${nickname}`;
    return { message: `${expression.trim()} is no cron expression of five or six fields`, hint };
  }
  let times: WallTimes;
  try {
    times = wallTimes(expression);
  } catch (error) {
    return { message: croner(error as Error), hint: FIELDS };
  }
  if (patterns.size >= PATTERNS_KEPT) patterns.clear();
  patterns.set(expression, times);
  return times;
}

export function isCronProblem(parsed: WallTimes | CronProblem): parsed is CronProblem {
  return 'message' in parsed;
}

function croner({ message }: Error): string {
  const text = message.replace(/^CronPattern: /, '').replace(/\.$/, '');
  return `not a cron expression: ${text}`;
}

function wallTimes(expression: string): WallTimes {
  const pattern = new CronPattern(expression, undefined, { mode: '5-or-6-parts' });
  const fields = expression.trim().split(/\s+/).slice(-3);
  const everyDay = pattern.starDOM && pattern.starDOW && pattern.month.every((month) => month > 0);
  const days: CronDays = everyDay ? { next: (day) => day } : daysOf(fields.join(' '), pattern);
  const nextTime = timeStepper(indices(pattern.hour), indices(pattern.minute), indices(pattern.second));
  return {
    next(wallMs) {
      const second = Math.floor(wallMs / 1_000) + 1;
      const day = Math.floor(second / SECONDS_OF_DAY);
      const matching = days.next(day);
      if (matching === null) return null;
      if (matching === day) {
        const time = nextTime(second - day * SECONDS_OF_DAY);
        if (time !== null) return (day * SECONDS_OF_DAY + time) * 1_000;
        const following = days.next(day + 1);
        return following === null ? null : (following * SECONDS_OF_DAY + (nextTime(0) as number)) * 1_000;
      }
      return (matching * SECONDS_OF_DAY + (nextTime(0) as number)) * 1_000;
    },
  };
}

function daysOf(fields: string, pattern: CronPattern): CronDays {
  // A fixed offset keeps croner from asking for the machine's zone; match() reads no clock.
  const midnight = new Cron(`0 0 ${fields}`, { mode: '5-part', utcOffset: 0 });
  return cronDays(
    fields,
    (month) => pattern.month[month] !== 0,
    (date) => midnight.match(date),
  );
}

function indices(flags: readonly number[]): readonly number[] {
  return flags.flatMap((flag, index) => (flag === 0 ? [] : [index]));
}

/** The first second of the day, from one on, that the lists allow; null when the day has none left. */
function timeStepper(
  hours: readonly number[],
  minutes: readonly number[],
  seconds: readonly number[],
): (fromSecond: number) => number | null {
  const firstMinute = minutes[0] as number;
  const firstSecond = seconds[0] as number;
  return (fromSecond) => {
    let minuteOfDay = Math.floor(fromSecond / 60);
    const second = seconds.find((candidate) => candidate >= fromSecond - minuteOfDay * 60);
    if (second === undefined) minuteOfDay++;
    const wantedHour = Math.floor(minuteOfDay / 60);
    const wantedMinute = minuteOfDay - wantedHour * 60;
    const minute = minutes.find((candidate) => candidate >= wantedMinute);
    const hour = hours.find((candidate) => candidate >= wantedHour + (minute === undefined ? 1 : 0));
    if (hour === undefined) return null;
    if (hour > wantedHour || minute === undefined) return (hour * 60 + firstMinute) * 60 + firstSecond;
    if (minute > wantedMinute) return (hour * 60 + minute) * 60 + firstSecond;
    return (hour * 60 + minute) * 60 + (second ?? firstSecond);
  };
}
