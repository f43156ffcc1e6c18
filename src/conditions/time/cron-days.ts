const DAY_MS = 86_400_000;
/** The longest pause between two matching days is 40 years (29 February on one weekday, over 2100). */
const YEARS_AHEAD = 100;
const LAST_YEAR = 9_999;
const TABLES_KEPT = 500;

/** Days since 1970-01-01 that match a pattern. */
export interface CronDays {
  /** The first matching day from this one on; null = there is none. */
  next(day: number): number | null;
}

const tables = new Map<string, CronDays>();

/** The days of a pattern, found year by year and kept: schedules of the same days share one table. */
export function cronDays(
  name: string,
  monthMatches: (month: number) => boolean,
  dateMatches: (midnight: Date) => boolean,
): CronDays {
  const known = tables.get(name);
  if (known !== undefined) return known;
  const years = new Map<number, readonly number[]>();
  const daysOf = (year: number): readonly number[] => {
    let days = years.get(year);
    if (days === undefined) {
      days = matchingDays(year, monthMatches, dateMatches);
      years.set(year, days);
    }
    return days;
  };
  const table: CronDays = {
    next(day) {
      const year = new Date(day * DAY_MS).getUTCFullYear();
      for (let ahead = 0; ahead <= YEARS_AHEAD && year + ahead <= LAST_YEAR; ahead++) {
        const days = daysOf(year + ahead);
        const position = ahead === 0 ? firstFrom(days, day) : 0;
        if (position < days.length) return days[position] as number;
      }
      return null;
    },
  };
  if (tables.size >= TABLES_KEPT) tables.clear();
  tables.set(name, table);
  return table;
}

function matchingDays(
  year: number,
  monthMatches: (month: number) => boolean,
  dateMatches: (midnight: Date) => boolean,
): readonly number[] {
  const days: number[] = [];
  for (let month = 0; month < 12; month++) {
    if (!monthMatches(month)) continue;
    const last = Date.UTC(year, month + 1, 1);
    for (let midnight = Date.UTC(year, month, 1); midnight < last; midnight += DAY_MS) {
      if (dateMatches(new Date(midnight))) days.push(midnight / DAY_MS);
    }
  }
  return days;
}

/** Position of the first day that is not before the given one. */
function firstFrom(days: readonly number[], day: number): number {
  let low = 0;
  let high = days.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((days[middle] as number) < day) low = middle + 1;
    else high = middle;
  }
  return low;
}
