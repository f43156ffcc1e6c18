const DAY_MS = 86_400_000;
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** Milliseconds that a Retry-After header asks to wait, at most a day; null for none, the past, and what cannot be read. */
export function retryAfterMs(header: string | undefined, nowMs: number): number | null {
  const text = header?.trim() ?? '';
  let waitMs = Number.NaN;
  if (/^\d{1,15}$/.test(text)) waitMs = Number(text) * 1_000;
  else if (HTTP_DATE.test(text)) waitMs = Date.parse(text) - nowMs;
  return waitMs > 0 ? Math.min(waitMs, DAY_MS) : null;
}
