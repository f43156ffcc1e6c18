import { MAX_DURATION_MS, parseDuration } from '../kernel/duration.js';
import type { JsonObject } from '../kernel/json.js';
import { suggest } from '../kernel/suggest.js';
import { parseTime } from '../kernel/time.js';

/** A value that was read, or what is wrong with it: `must be …`. */
export type Read<T> = { readonly value: T } | { readonly problem: string; readonly hint?: string };

/** One key of a query: how it is read, and how it is described. */
export interface Parameter<T> {
  readonly description: string;
  readonly schema: JsonObject;
  /** May stand more than once. */
  readonly repeatable: boolean;
  /** What it is when it is left out. */
  readonly missing: T;
  read(values: readonly string[], nowMs: number): Read<T>;
}

/** The keys of a query. */
export type Parameters = Readonly<Record<string, Parameter<unknown>>>;
export type Values<P extends Parameters> = {
  readonly [K in keyof P]: P[K] extends Parameter<infer T> ? T : never;
};

const TEXT_MAX_LENGTH = 4_096;

function single<T>(
  description: string,
  schema: JsonObject,
  missing: T,
  read: (value: string, nowMs: number) => Read<T>,
): Parameter<T> {
  return {
    description,
    schema,
    repeatable: false,
    missing,
    read: (values, nowMs) => read(values[0] ?? '', nowMs),
  };
}

/** Any text but the empty one. */
export function text(description: string): Parameter<string | null> {
  return single<string | null>(description, { type: 'string', minLength: 1 }, null, (value) =>
    value === '' || value.length > TEXT_MAX_LENGTH
      ? { problem: `must be a text of 1 to ${TEXT_MAX_LENGTH} characters` }
      : { value },
  );
}

/** Any number of texts. */
export function texts(description: string): Parameter<readonly string[]> {
  return {
    description,
    schema: { type: 'array', items: { type: 'string', minLength: 1 } },
    repeatable: true,
    missing: [],
    read: (values) => (values.includes('') ? { problem: 'must not be empty' } : { value: values }),
  };
}

/** A whole number within bounds, written in plain digits. */
export function integer<T extends number | null>(
  description: string,
  bounds: { readonly min: number; readonly max: number; readonly missing: T },
): Parameter<number | T> {
  const { min, max, missing } = bounds;
  const schema = {
    type: 'integer',
    minimum: min,
    maximum: max,
    ...(missing === null ? {} : { default: missing }),
  };
  return single<number | T>(description, schema, missing, (value) => {
    const number = /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
    return number >= min && number <= max
      ? { value: number }
      : { problem: `must be a whole number from ${min} to ${max}` };
  });
}

/** One of a few words. */
export function choice<W extends string, T extends W | null>(
  description: string,
  words: readonly W[],
  missing: T,
): Parameter<W | T> {
  const schema = { type: 'string', enum: words, ...(missing === null ? {} : { default: missing }) };
  return single<W | T>(description, schema, missing, (value) => oneOf(value, words));
}

/** Any number of a few words. */
export function choices<W extends string>(description: string, words: readonly W[]): Parameter<readonly W[]> {
  return {
    description,
    schema: { type: 'array', items: { type: 'string', enum: words } },
    repeatable: true,
    missing: [],
    read(values) {
      for (const value of values) {
        const read = oneOf(value, words);
        if ('problem' in read) return read;
      }
      return { value: values as readonly W[] };
    },
  };
}

function oneOf<W extends string>(value: string, words: readonly W[]): Read<W> {
  if ((words as readonly string[]).includes(value)) return { value: value as W };
  const near = suggest(value, words);
  const problem = `must be one of ${words.join(', ')}`;
  return near === undefined ? { problem } : { problem, hint: `did you mean ${near}?` };
}

/** An instant: RFC 3339, or a duration back from now. Epoch ms. */
export function time(description: string): Parameter<number | null> {
  return single<number | null>(
    description,
    { type: 'string', examples: ['2026-01-31T12:00:00Z', '1h'] },
    null,
    (value, nowMs) => {
      // The `+` of an offset that was not percent-encoded arrives as a space.
      const at = parseTime(value) ?? parseTime(value.replace(/ (?=\d\d:\d\d$)/, '+'));
      if (at !== undefined) return { value: at };
      const durationMs = parseDuration(value);
      if (durationMs !== undefined && durationMs <= MAX_DURATION_MS) return { value: nowMs - durationMs };
      return {
        problem: 'must be an RFC 3339 time or a duration back from now',
        hint: 'for example 2026-01-31T12:00:00Z or 1h30m',
      };
    },
  );
}
