import { canonicalJson, deepEqual, isObject, ownValue, type Json } from '../../kernel/json.js';
import { allowLength } from '../output-limit.js';
import { firstOf, lastOf, sizeOf } from '../read-member.js';
import { asInteger, asList, asNumber, asObject, asText, finite } from './coerce.js';
import { FilterProblem, type TemplateFilter } from './template-filter.js';

/** Numbers before texts before everything else, null last: an order for any list, the same on every machine. */
function compare(a: Json, b: Json): number {
  const rank = (value: Json): number =>
    typeof value === 'number' ? 0 : typeof value === 'string' ? 1 : value === null ? 3 : 2;
  const byRank = rank(a) - rank(b);
  if (byRank !== 0) return byRank;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const left = typeof a === 'string' ? a : canonicalJson(a);
  const right = typeof b === 'string' ? b : canonicalJson(b);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** An element's member; null where it is none or has none. */
function member(element: Json, key: string): Json {
  return isObject(element) ? (ownValue(element, key) ?? null) : null;
}

/** Python's and Ruby's slicing: a negative start counts from the end. */
function slice(value: Json, args: readonly Json[]): Json {
  const elements: readonly Json[] = Array.isArray(value) ? asList(value) : [...asText(value)];
  const offset = asInteger(args[0]);
  const length = args[1] === undefined ? 1 : asInteger(args[1]);
  if (length < 0) throw new FilterProblem('a length is not negative');
  const start = offset < 0 ? elements.length + offset : offset;
  const part = start < 0 ? [] : elements.slice(start, start + length);
  return Array.isArray(value) ? part : part.join('');
}

function join(list: readonly Json[], separator: string): string {
  const texts = list.map(asText);
  allowLength(
    texts.reduce((sum, text) => sum + text.length, separator.length * Math.max(0, texts.length - 1)),
  );
  return texts.join(separator);
}

function uniq(list: readonly Json[]): Json {
  const seen = new Set<string>();
  return list.filter((element) => {
    const key = canonicalJson(element);
    return !seen.has(key) && seen.add(key);
  });
}

/** Filters on lists; `size`, `first`, `last` and `slice` work on texts too. */
export const listFilters: readonly TemplateFilter[] = [
  {
    name: 'size',
    summary: 'How many elements a list or characters a text has.',
    example: { template: '{{ event.payload.tags | size }}', gives: 3 },
    takes: [0, 0],
    apply: (value) => sizeOf(value),
  },
  {
    name: 'first',
    summary: 'First element of a list, or first character of a text.',
    example: { template: '{{ event.payload.tags | first }}', gives: 'prod' },
    takes: [0, 0],
    apply: (value) => firstOf(value),
  },
  {
    name: 'last',
    summary: 'Last element of a list, or last character of a text.',
    example: { template: '{{ event.payload.tags | last }}', gives: 'prod' },
    takes: [0, 0],
    apply: (value) => lastOf(value),
  },
  {
    name: 'slice',
    summary: 'Part of a list or text: from an index (negative from the end), one element or as many as said.',
    example: { template: '{{ "2026-01-31" | slice: 0, 7 }}', gives: '2026-01' },
    takes: [1, 2],
    apply: slice,
  },
  {
    name: 'join',
    summary: 'Joins a list into a text, with a separator between the elements.',
    example: { template: '{{ event.payload.tags | join: ", " }}', gives: 'prod, eu, prod' },
    takes: [1, 1],
    apply: (value, args) => join(asList(value), asText(args[0] as Json)),
  },
  {
    name: 'reverse',
    summary: 'The list from its end.',
    example: { template: '{{ event.payload.tags | reverse }}', gives: ['prod', 'eu', 'prod'] },
    takes: [0, 0],
    apply: (value) => asList(value).toReversed(),
  },
  {
    name: 'sort',
    summary:
      'The list in order (numbers, then texts, then the rest), or in the order of a member of its objects.',
    example: { template: '{{ event.payload.items | sort: "price" | map: "sku" }}', gives: ['b-2', 'a-1'] },
    takes: [0, 1],
    apply(value, args) {
      const list = asList(value);
      if (args[0] === undefined) return list.toSorted(compare);
      const key = asText(args[0]);
      return list.toSorted((a, b) => compare(member(a, key), member(b, key)));
    },
  },
  {
    name: 'uniq',
    summary: 'The list without elements that are equal to an earlier one.',
    example: { template: '{{ event.payload.tags | uniq }}', gives: ['prod', 'eu'] },
    takes: [0, 0],
    apply: (value) => uniq(asList(value)),
  },
  {
    name: 'compact',
    summary: 'The list without its nulls.',
    example: { template: '{{ event.payload.readings | compact }}', gives: [3, 5] },
    takes: [0, 0],
    apply: (value) => asList(value).filter((element) => element !== null),
  },
  {
    name: 'concat',
    summary: 'The list followed by another list.',
    example: {
      template: '{{ "a" | split: "," | concat: event.payload.tags }}',
      gives: ['a', 'prod', 'eu', 'prod'],
    },
    takes: [1, 1],
    apply: (value, args) => [...asList(value), ...asList(args[0])],
  },
  {
    name: 'push',
    summary: 'The list followed by one more element, whatever that is.',
    example: {
      template: '{{ event.payload.tags | push: "new" }}',
      gives: ['prod', 'eu', 'prod', 'new'],
    },
    takes: [1, 1],
    apply: (value, args) => [...asList(value), args[0] as Json],
  },
  {
    name: 'without',
    summary: 'The list without the elements that are equal to a value.',
    example: { template: '{{ event.payload.tags | without: "prod" }}', gives: ['eu'] },
    takes: [1, 1],
    apply: (value, args) => asList(value).filter((element) => !deepEqual(element, args[0] as Json)),
  },
  {
    name: 'map',
    summary: 'One member of every object of the list; null where an element has none.',
    example: { template: '{{ event.payload.items | map: "sku" }}', gives: ['a-1', 'b-2'] },
    takes: [1, 1],
    apply: (value, args) => asList(value).map((element) => member(element, asText(args[0] as Json))),
  },
  {
    name: 'where',
    summary:
      'The objects of the list of which a member is equal to a value; without a value: is there and true.',
    example: { template: '{{ event.payload.items | where: "sku", "b-2" | map: "price" }}', gives: [2.5] },
    takes: [1, 2],
    apply: (value, args) =>
      asList(value).filter((element) => {
        const found = member(element, asText(args[0] as Json));
        return args[1] === undefined ? found !== null && found !== false : deepEqual(found, args[1]);
      }),
  },
  {
    name: 'sum',
    summary: 'The sum of a list of numbers, or of a member of its objects; nulls count as nothing.',
    example: { template: '{{ event.payload.items | sum: "price" }}', gives: 12 },
    takes: [0, 1],
    apply(value, args) {
      let sum = 0;
      for (const element of asList(value)) {
        const summand = args[0] === undefined ? element : member(element, asText(args[0]));
        if (summand !== null) sum += asNumber(summand);
      }
      return finite(sum);
    },
  },
  {
    name: 'keys',
    summary: 'The keys of an object, in their order.',
    example: { template: '{{ event.payload.items | first | keys }}', gives: ['sku', 'price'] },
    takes: [0, 0],
    apply: (value) => Object.keys(asObject(value)),
  },
];
