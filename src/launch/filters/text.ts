import type { Json } from '../../kernel/json.js';
import { allowLength } from '../output-limit.js';
import { asInteger, asText } from './coerce.js';
import { FilterProblem, type TemplateFilter } from './template-filter.js';

function text(
  name: string,
  summary: string,
  example: readonly [template: string, gives: Json],
  takes: readonly [number, number],
  apply: (value: string, ...args: readonly string[]) => Json,
): TemplateFilter {
  return {
    name,
    summary,
    example: { template: example[0], gives: example[1] },
    takes,
    apply: (value, args) => apply(asText(value), ...args.map(asText)),
  };
}

/** Replaces every occurrence; the length is checked first, because one character may become a long text many times. */
function replaceAll(value: string, wanted: string, replacement: string): string {
  const occurrences = wanted === '' ? value.length + 1 : value.split(wanted).length - 1;
  allowLength(value.length + occurrences * (replacement.length - wanted.length));
  return value.replaceAll(wanted, () => replacement);
}

function truncate(value: string, args: readonly Json[]): string {
  const length = asInteger(args[0]);
  const ending = args[1] === undefined ? '…' : asText(args[1]);
  const characters = [...value];
  if (characters.length <= length) return value;
  const kept = length - [...ending].length;
  if (kept < 0) throw new FilterProblem(`the ending is longer than ${length} characters`);
  return characters.slice(0, kept).join('') + ending;
}

/** Filters that make text of text. A value that is no text is taken as its JSON form. */
export const textFilters: readonly TemplateFilter[] = [
  text('upcase', 'Turns letters into upper case.', ['{{ "eu-west" | upcase }}', 'EU-WEST'], [0, 0], (value) =>
    value.toUpperCase(),
  ),
  text(
    'downcase',
    'Turns letters into lower case.',
    ['{{ "EU-West" | downcase }}', 'eu-west'],
    [0, 0],
    (value) => value.toLowerCase(),
  ),
  text(
    'capitalize',
    'Turns the first letter into upper case and the rest into lower case.',
    ['{{ "disk FULL" | capitalize }}', 'Disk full'],
    [0, 0],
    (value) => {
      const [first = '', ...rest] = value;
      return first.toUpperCase() + rest.join('').toLowerCase();
    },
  ),
  text('strip', 'Removes white space at both ends.', ['{{ "  a b  " | strip }}', 'a b'], [0, 0], (value) =>
    value.trim(),
  ),
  text('lstrip', 'Removes white space at the beginning.', ['{{ "  a " | lstrip }}', 'a '], [0, 0], (value) =>
    value.trimStart(),
  ),
  text('rstrip', 'Removes white space at the end.', ['{{ " a  " | rstrip }}', ' a'], [0, 0], (value) =>
    value.trimEnd(),
  ),
  text(
    'append',
    'Adds a text at the end.',
    ['{{ "checkout" | append: "-eu" }}', 'checkout-eu'],
    [1, 1],
    (value, tail = '') => value + tail,
  ),
  text(
    'prepend',
    'Adds a text at the beginning.',
    ['{{ "checkout" | prepend: "svc/" }}', 'svc/checkout'],
    [1, 1],
    (value, head = '') => head + value,
  ),
  text(
    'replace',
    'Replaces every occurrence of a text with another.',
    ['{{ "a-b-c" | replace: "-", "." }}', 'a.b.c'],
    [2, 2],
    (value, wanted = '', replacement = '') => replaceAll(value, wanted, replacement),
  ),
  text(
    'replace_first',
    'Replaces the first occurrence of a text with another.',
    ['{{ "a-b-c" | replace_first: "-", "." }}', 'a.b-c'],
    [2, 2],
    (value, wanted = '', replacement = '') => value.replace(wanted, () => replacement),
  ),
  text(
    'remove',
    'Removes every occurrence of a text.',
    ['{{ "a-b-c" | remove: "-" }}', 'abc'],
    [1, 1],
    (value, wanted = '') => (wanted === '' ? value : value.replaceAll(wanted, '')),
  ),
  text(
    'remove_first',
    'Removes the first occurrence of a text.',
    ['{{ "a-b-c" | remove_first: "-" }}', 'ab-c'],
    [1, 1],
    (value, wanted = '') => value.replace(wanted, ''),
  ),
  text(
    'split',
    'Cuts a text at a separator into a list; the separator "" cuts it into characters.',
    ['{{ "eu,us" | split: "," }}', ['eu', 'us']],
    [1, 1],
    (value, separator = '') => {
      if (value === '') return [];
      return separator === '' ? [...value] : value.split(separator);
    },
  ),
  {
    name: 'truncate',
    summary: 'Cuts a text to a number of characters, an ending (… or the one given) included.',
    example: { template: '{{ "connection refused" | truncate: 11 }}', gives: 'connection…' },
    takes: [1, 2],
    apply: (value, args) => truncate(asText(value), args),
  },
];
