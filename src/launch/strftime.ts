import { offsetMs } from '../kernel/hours.js';
import { FilterProblem } from './filters/template-filter.js';

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const DAY_MS = 86_400_000;
const DIRECTIVE = /%([-_0^:]?)(.?)/gsu;

type Field = { readonly text: string; readonly width: number; readonly pad: '0' | ' ' };

const number = (value: number, width: number, pad: '0' | ' ' = '0'): Field => ({
  text: String(value),
  width,
  pad,
});
const word = (text: string): Field => ({ text, width: 0, pad: ' ' });

/** Offset as `+0200`, or `+02:00` with the colon flag. */
function zoneText(offset: number, separator: string): string {
  const minutes = Math.abs(Math.round(offset / 60_000));
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}${separator}${two(minutes % 60)}`;
}

function dayOfYear(date: Date): number {
  // Date.UTC reads the years 0–99 as 1900–1999, setUTCFullYear does not.
  const newYear = new Date(0);
  newYear.setUTCFullYear(date.getUTCFullYear(), 0, 1);
  return Math.floor((date.getTime() - newYear.getTime()) / DAY_MS) + 1;
}

/**
 * Writes an instant in a strftime format: `%Y-%m-%d %H:%M:%S`, names in English. Flags: `-` no padding, `_` spaces, `0`
 * zeros, `^` upper case, `:` in `%:z`. Throws a FilterProblem for a directive it does not know.
 */
export function strftime(epochMs: number, format: string, timezone: string): string {
  const offset = offsetMs(epochMs, timezone);
  // The UTC fields of the shifted instant are the wall clock of the zone.
  const local = new Date(epochMs + offset);
  const field = (directive: string, flag: string): Field | string => {
    const hour12 = local.getUTCHours() % 12 || 12;
    const noon = local.getUTCHours() >= 12;
    const day = DAYS[local.getUTCDay()] as string;
    const month = MONTHS[local.getUTCMonth()] as string;
    switch (directive) {
      case 'Y':
        return number(local.getUTCFullYear(), 4);
      case 'C':
        return number(Math.floor(local.getUTCFullYear() / 100), 2);
      case 'y':
        return number(local.getUTCFullYear() % 100, 2);
      case 'm':
        return number(local.getUTCMonth() + 1, 2);
      case 'd':
        return number(local.getUTCDate(), 2);
      case 'e':
        return number(local.getUTCDate(), 2, ' ');
      case 'j':
        return number(dayOfYear(local), 3);
      case 'H':
        return number(local.getUTCHours(), 2);
      case 'k':
        return number(local.getUTCHours(), 2, ' ');
      case 'I':
        return number(hour12, 2);
      case 'l':
        return number(hour12, 2, ' ');
      case 'M':
        return number(local.getUTCMinutes(), 2);
      case 'S':
        return number(local.getUTCSeconds(), 2);
      case 'L':
        return number(local.getUTCMilliseconds(), 3);
      case 's':
        return number(Math.floor(epochMs / 1000), 0);
      case 'p':
        return word(noon ? 'PM' : 'AM');
      case 'P':
        return word(noon ? 'pm' : 'am');
      case 'A':
        return word(day);
      case 'a':
        return word(day.slice(0, 3));
      case 'B':
        return word(month);
      case 'b':
      case 'h':
        return word(month.slice(0, 3));
      case 'u':
        return number(local.getUTCDay() || 7, 0);
      case 'w':
        return number(local.getUTCDay(), 0);
      case 'z':
        return word(zoneText(offset, flag === ':' ? ':' : ''));
      case 'Z':
        return word(timezone);
      case 'F':
        return '%Y-%m-%d';
      case 'T':
        return '%H:%M:%S';
      case 'R':
        return '%H:%M';
      case 'D':
        return '%m/%d/%y';
      case '%':
        return word('%');
      default:
        throw new FilterProblem(`%${flag}${directive} is not part of a date format`);
    }
  };
  const write = (text: string): string =>
    text.replace(DIRECTIVE, (_whole, flag: string, directive: string) => {
      const found = field(directive, flag);
      if (typeof found === 'string') return write(found);
      if (flag === '^') return found.text.toUpperCase().padStart(found.width, found.pad);
      if (flag === '-') return found.text;
      return found.text.padStart(found.width, flag === '_' ? ' ' : flag === '0' ? '0' : found.pad);
    });
  return write(format);
}
