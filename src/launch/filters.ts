import type { Json, JsonObject } from '../kernel/json.js';
import { dateFilters } from './filters/date.js';
import { encodeFilters } from './filters/encode.js';
import { listFilters } from './filters/list.js';
import { numberFilters } from './filters/number.js';
import type { TemplateFilter } from './filters/template-filter.js';
import { textFilters } from './filters/text.js';

/** `event.payload` of the filters' examples. */
export const EXAMPLE_PAYLOAD: JsonObject = {
  tags: ['prod', 'eu', 'prod'],
  readings: [3, null, 5],
  items: [
    { sku: 'a-1', price: 9.5 },
    { sku: 'b-2', price: 2.5 },
  ],
};

/** Answers for a missing value and for null, the two that every other filter passes on; not for false, 0, "" or []. */
const defaultFilter: TemplateFilter = {
  name: 'default',
  summary: 'Another value in place of one that is missing or null.',
  example: { template: '{{ event.payload.region | default: "eu" }}', gives: 'eu' },
  takes: [1, 1],
  apply: (value: Json, args) => value ?? args[0],
};

/** The closed list of filters: no clock, no randomness, no setting of the machine. */
export const templateFilters: readonly TemplateFilter[] = [
  defaultFilter,
  ...textFilters,
  ...numberFilters,
  ...listFilters,
  ...encodeFilters,
  ...dateFilters,
];

/** Filters that are asked about null as well. */
export const FILTERS_OF_NULL: ReadonlySet<string> = new Set(['default', 'json']);
