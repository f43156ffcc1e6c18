import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Json, JsonObject } from '../../src/kernel/json.js';
import type { Document } from '../../src/model/document.js';
import { OPERATORS } from '../../src/model/test.js';
import { validateFolder } from '../../src/validate/folder.js';
import { loadFolder } from '../../src/load/folder.js';
import { plugins } from './validate-text.js';

const runs = Number(process.env['TRIGGERD_PROPERTY_RUNS'] ?? 300);

function documentOf(value: Json): Document {
  return {
    file: 'rules/hostile.yaml',
    index: 0,
    value,
    locate: () => ({ line: 1, column: 1, length: 1 }),
    sourceLine: () => 'null',
  };
}

const keys = fc.constantFrom(
  ...OPERATORS,
  'not',
  'any',
  'all',
  'none',
  'as',
  'ignore_case',
  'var',
  'field',
  'payload.a',
  'priority',
  'item.x',
  '__proto__',
  'constructor',
  'toString',
  'a/b~c',
  '',
  '.',
  'steps',
  'event_types',
  'within',
  'aggregate',
  'where',
  'for',
  'days',
  'from',
  'to',
  'timezone',
  'threshold_reached',
  'event_sequence',
  'time_based',
  'value_changed',
  'holds_for',
  'pattern_matched',
  'event_occurred',
  'cron',
  'every',
  'after',
  'unless',
  'no_event_for',
  'regex',
  'workflow_name',
);
const scalars = fc.oneof(
  fc.constantFrom<Json>(
    null,
    true,
    5,
    -0.5,
    'x.y',
    '5m',
    'payload.a',
    '{{ event.payload.a }}',
    '{{ nope',
    'high',
    '(',
    '2026-01-01T00:00:00Z',
    '10.0.0.0/8',
    '__proto__',
    'mon-fri',
    '* * * * *',
  ),
  fc.string({ maxLength: 5 }),
);
const { anything } = fc.letrec<{ anything: Json }>((tie) => ({
  anything: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    scalars,
    fc.array(tie('anything'), { maxLength: 3 }),
    fc
      .array(fc.tuple(keys, tie('anything')), { maxLength: 3 })
      .map((entries) => Object.fromEntries(entries) as Json),
  ),
}));
const topKeys = fc.constantFrom(
  'trigger_id',
  'event_types',
  'filters',
  'group_by',
  'condition',
  'parameters',
  'workflow_name',
  'workflow_input',
  'launches',
  'cooldown',
  'debounce',
  'collect',
  'once_per',
  'max_executions',
  'first_of',
  'active',
  'mode',
  'for_each',
  'lateness',
  'max_groups',
  'allow_loop',
  'tags',
  'description',
);

/** A sound trigger in which some keys have been given anything. */
const trigger = fc.array(fc.tuple(topKeys, anything), { minLength: 1, maxLength: 3 }).map(
  (entries): JsonObject => ({
    trigger_id: 't',
    event_types: ['x.y'],
    workflow_name: 'w',
    ...Object.fromEntries(entries),
  }),
);

test('whatever a trigger holds, it ends in diagnostics or in plain data', () => {
  fc.assert(
    fc.property(trigger, (value) => {
      const { source, diagnostics } = validateFolder([documentOf({ triggers: [value] })], plugins);
      const errors = diagnostics.filter(({ severity }) => severity === 'error');
      expect(source.triggers.length === 1).toBe(errors.length === 0);
      expect(JSON.parse(JSON.stringify(source))).toEqual(source);
      for (const { message, hint } of diagnostics) {
        expect(message).not.toMatch(/undefined|\[object|NaN/);
        expect(hint ?? '').not.toMatch(/undefined|\[object|NaN/);
      }
    }),
    { numRuns: runs },
  );
});

/** A copy of a value in which the node that a walk by these numbers ends at is another one, or gone. */
function mutated(value: Json, walk: readonly number[], replacement: Json | undefined): Json | undefined {
  const [turn, ...rest] = walk;
  if (turn === undefined || typeof value !== 'object' || value === null) return replacement;
  const entries = Object.entries(value as JsonObject);
  const entry = entries[turn % Math.max(1, entries.length)];
  if (entry === undefined) return replacement;
  const member = mutated(entry[1], rest, replacement);
  const changed = entries.flatMap(([key, one]) =>
    key !== entry[0] ? [[key, one] as const] : member === undefined ? [] : [[key, member] as const],
  );
  return Array.isArray(value) ? changed.map(([, one]) => one) : Object.fromEntries(changed);
}

const shipped = (await loadFolder('rules')).documents.map(({ value }) => value);

test('whatever is changed in a real rule, it ends in diagnostics with sentences, or in plain data', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...shipped),
      fc.array(fc.nat(30), { minLength: 1, maxLength: 9 }),
      fc.option(anything, { nil: undefined }),
      (document, walk, replacement) => {
        const changed = mutated(document, walk, replacement) ?? null;
        const { source, diagnostics } = validateFolder([documentOf(changed)], plugins);
        expect(JSON.parse(JSON.stringify(source))).toEqual(source);
        for (const { message, hint } of diagnostics)
          expect(`${message} ${hint ?? ''}`).not.toMatch(/undefined|\[object|NaN/);
      },
    ),
    { numRuns: runs },
  );
});

test('whatever a document is, validating it ends', () => {
  fc.assert(
    fc.property(
      anything,
      fc.array(fc.tuple(fc.constantFrom('triggers', 'workflows', 'variables', 'tests'), anything)),
      (value, parts) => {
        for (const document of [value, Object.fromEntries(parts) as Json]) {
          const { source } = validateFolder([documentOf(document)], plugins);
          expect(JSON.parse(JSON.stringify(source))).toEqual(source);
        }
      },
    ),
    { numRuns: runs },
  );
});
