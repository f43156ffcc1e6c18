const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;
type Unit = keyof typeof UNIT_MS;

const PART = /(\d+(?:\.\d+)?)(ms|s|m|h|d|w)/y;

/** The longest duration the language takes: 366 days. */
export const MAX_DURATION_MS = 366 * UNIT_MS.d;

/**
 * Milliseconds of a duration like `250ms`, `30s`, `5m`, `1h30m`, `1d`, `1w`; undefined for anything else.
 * Parts come from the largest unit to the smallest, each at most once; the result is a whole number of milliseconds.
 */
export function parseDuration(text: string): number | undefined {
  let total = 0;
  let previous = Number.POSITIVE_INFINITY;
  PART.lastIndex = 0;
  while (PART.lastIndex < text.length) {
    const part = PART.exec(text);
    if (!part) return undefined;
    const unitMs = UNIT_MS[part[2] as Unit];
    if (unitMs >= previous) return undefined;
    previous = unitMs;
    total += Number(part[1]) * unitMs;
  }
  if (text.length === 0 || !Number.isFinite(total)) return undefined;
  return Math.round(total);
}

const UNITS_DOWN: readonly Unit[] = ['d', 'h', 'm', 's', 'ms'];

/** The shortest exact spelling of a duration: `90000` → `1m30s`. Inverse of `parseDuration` (weeks are written as days). */
export function formatDuration(durationMs: number): string {
  if (durationMs === 0) return '0s';
  let rest = durationMs;
  let text = '';
  for (const unit of UNITS_DOWN) {
    const count = Math.floor(rest / UNIT_MS[unit]);
    if (count > 0) text += `${count}${unit}`;
    rest -= count * UNIT_MS[unit];
  }
  return text || `${durationMs}ms`;
}
