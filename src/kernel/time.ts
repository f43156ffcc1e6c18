const DIGIT_0 = 48;

function digits(text: string, from: number, count: number): number {
  let value = 0;
  for (let i = from; i < from + count; i++) {
    const digit = text.charCodeAt(i) - DIGIT_0;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function daysInMonth(year: number, month: number): number {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return month === 2 && leap ? 29 : (DAYS_IN_MONTH[month - 1] ?? 0);
}

/**
 * Days from 1970-01-01 to a date of the proleptic Gregorian calendar.
 * Source: H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil.
 */
function daysFromEpoch(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/**
 * Epoch milliseconds of an RFC 3339 time (`2026-01-31T12:00:00Z`, fraction and `±hh:mm` offset allowed), or undefined.
 * A zone is required: a time without one means another instant on every machine. A leap second reads as the second
 * after it; digits past milliseconds are cut.
 */
export function parseTime(text: string): number | undefined {
  const length = text.length;
  if (length < 20 || length > 40) return undefined;
  if (text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45) return undefined;
  const separator = text.charCodeAt(10);
  if (separator !== 84 && separator !== 116 && separator !== 32) return undefined;
  if (text.charCodeAt(13) !== 58 || text.charCodeAt(16) !== 58) return undefined;
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 2);
  const day = digits(text, 8, 2);
  const hour = digits(text, 11, 2);
  const minute = digits(text, 14, 2);
  const second = digits(text, 17, 2);
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month))) return undefined;
  if (!(hour <= 23 && minute <= 59 && second <= 60)) return undefined;
  let position = 19;
  let millisecond = 0;
  if (text.charCodeAt(position) === 46) {
    let scale = 100;
    position++;
    const start = position;
    for (; position < length; position++) {
      const digit = text.charCodeAt(position) - DIGIT_0;
      if (!(digit >= 0 && digit <= 9)) break;
      if (scale >= 1) millisecond += digit * scale;
      scale /= 10;
    }
    if (position === start) return undefined;
    millisecond = Math.floor(millisecond);
  }
  let offsetMinutes = 0;
  const zone = text.charCodeAt(position);
  if (zone === 90 || zone === 122) {
    if (position !== length - 1) return undefined;
  } else if (zone === 43 || zone === 45) {
    if (length !== position + 6 || text.charCodeAt(position + 3) !== 58) return undefined;
    const offsetHour = digits(text, position + 1, 2);
    const offsetMinute = digits(text, position + 4, 2);
    if (!(offsetHour <= 23 && offsetMinute <= 59)) return undefined;
    offsetMinutes = (offsetHour * 60 + offsetMinute) * (zone === 43 ? 1 : -1);
  } else {
    return undefined;
  }
  const days = daysFromEpoch(year, month, day);
  return days * 86_400_000 + (hour * 60 + minute - offsetMinutes) * 60_000 + second * 1_000 + millisecond;
}

const DAY_MS = 86_400_000;
const TWO_DIGITS = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, '0'));
/** The day written last: consecutive times are mostly of one day, and its date is what takes long to write. */
let lastDay = Number.NaN;
let lastDate = '';

/** The RFC 3339 UTC form of epoch milliseconds, without a fraction when it is a whole second. */
export function formatTime(epochMs: number): string {
  const day = Math.floor(epochMs / DAY_MS);
  if (day !== lastDay) {
    const text = new Date(day * DAY_MS).toISOString();
    lastDate = text.slice(0, text.indexOf('T') + 1);
    lastDay = day;
  }
  const inDay = Math.floor(epochMs - day * DAY_MS);
  const hour = TWO_DIGITS[Math.floor(inDay / 3_600_000)] as string;
  const minute = TWO_DIGITS[Math.floor(inDay / 60_000) % 60] as string;
  const second = TWO_DIGITS[Math.floor(inDay / 1_000) % 60] as string;
  const millisecond = inDay % 1_000;
  const fraction = millisecond === 0 ? '' : `.${String(millisecond).padStart(3, '0')}`;
  return `${lastDate}${hour}:${minute}:${second}${fraction}Z`;
}
