import { formatTime } from '../kernel/time.js';

const DAY_MS = 86_400_000;
const TWO_DIGITS = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, '0'));

/**
 * `formatTime`, remembering the day it wrote last: writing a date out takes longer than everything else a launch needs
 * but its id.
 */
export function createTimeText(): (epochMs: number) => string {
  let lastDay = Number.NaN;
  let date = '';
  return (epochMs) => {
    const day = Math.floor(epochMs / DAY_MS);
    if (day !== lastDay) {
      const text = formatTime(day * DAY_MS);
      date = text.slice(0, text.indexOf('T') + 1);
      lastDay = day;
    }
    const inDay = Math.floor(epochMs - day * DAY_MS);
    const hour = TWO_DIGITS[Math.floor(inDay / 3_600_000)] as string;
    const minute = TWO_DIGITS[Math.floor(inDay / 60_000) % 60] as string;
    const second = TWO_DIGITS[Math.floor(inDay / 1_000) % 60] as string;
    const millisecond = inDay % 1_000;
    const fraction = millisecond === 0 ? '' : `.${String(millisecond).padStart(3, '0')}`;
    return `${date}${hour}:${minute}:${second}${fraction}Z`;
  };
}
