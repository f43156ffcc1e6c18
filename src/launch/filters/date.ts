import { isTimezone } from '../../kernel/hours.js';
import { preview, type Json } from '../../kernel/json.js';
import { parseTime } from '../../kernel/time.js';
import { strftime } from '../strftime.js';
import { asText } from './coerce.js';
import { FilterProblem, type TemplateFilter } from './template-filter.js';

const YEAR_10000_MS = 253_402_300_800_000;
const YEAR_0_MS = -62_167_219_200_000;

/** Epoch milliseconds of an RFC 3339 text, or of a number: seconds since 1970, Liquid's own meaning of one. */
function instantMs(value: Json): number {
  const epochMs = typeof value === 'number' ? Math.floor(value * 1000) : parseTime(asText(value));
  if (epochMs === undefined || !(epochMs >= YEAR_0_MS && epochMs < YEAR_10000_MS))
    throw new FilterProblem(`${preview(value)} is not a time`);
  return epochMs;
}

/** Times. There is no filter for the current one: `now` is a name. */
export const dateFilters: readonly TemplateFilter[] = [
  {
    name: 'date',
    summary: 'Writes an RFC 3339 time (or seconds since 1970) in a format, in UTC or in the time zone given.',
    example: {
      template: '{{ "2026-01-31T23:30:00Z" | date: "%d.%m.%Y %H:%M", "Europe/Berlin" }}',
      gives: '01.02.2026 00:30',
    },
    takes: [1, 2],
    apply(value, args) {
      const timezone = args[1] === undefined ? 'UTC' : asText(args[1]);
      if (!isTimezone(timezone)) throw new FilterProblem(`${preview(timezone)} is not a time zone`);
      return strftime(instantMs(value), asText(args[0] as Json), timezone);
    },
  },
];
