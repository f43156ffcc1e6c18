import type { JsonSchema } from '../../ports/condition-kind.js';
import {
  anyMap,
  count,
  diagnostic,
  diagnostics,
  launch,
  listOf,
  mapOf,
  orNull,
  place,
  suppression,
  text,
  textOrNull,
  why,
  whyNode,
  type Properties,
} from './report-parts.js';

const launches = (description: string): JsonSchema => listOf({ $ref: '#/$defs/launch' }, description);
const placeOrNull = orNull({ $ref: '#/$defs/place' });
const DEFINITIONS: Properties = { diagnostic, launch, suppression, place, whyNode, why };

/** The report of a command; of the definitions it holds those that it refers to. */
function report(
  name: string,
  description: string,
  properties: Properties,
  optional: readonly string[] = [],
): JsonSchema {
  const body = mapOf({ schema: { const: `triggerd/${name}@1` }, ...properties }, optional);
  const used = new Set<string>();
  const collect = (schema: JsonSchema): void => {
    for (const [, key = ''] of JSON.stringify(schema).matchAll(/"#\/\$defs\/(\w+)"/g)) {
      if (used.has(key)) continue;
      used.add(key);
      collect(DEFINITIONS[key] as JsonSchema);
    }
  };
  collect(body);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:triggerd:${name}-report`,
    title: `triggerd ${name} report`,
    description: `${description} Times are RFC 3339 UTC; keys may be added, never renamed.`,
    ...body,
    $defs: Object.fromEntries(Object.entries(DEFINITIONS).filter(([key]) => used.has(key))),
  };
}

const difference = mapOf({
  list: { enum: ['launches', 'suppressed'] },
  expected: { type: ['object', 'null'] },
  actual: { type: ['object', 'null'] },
  line: count,
});

/** JSON Schemas of what the commands print with `--format json`, by command. */
export const reportSchemas: Readonly<Record<string, JsonSchema>> = {
  check: report('check', 'What is wrong or doubtful in a rule folder.', {
    files: count,
    triggers: count,
    workflows: count,
    tests: count,
    diagnostics,
  }),
  'dry-run': report(
    'dry-run',
    'What a rule folder decides on sample events.',
    {
      events: count,
      triggers: count,
      launches: launches('In the order they were decided.'),
      suppressed: listOf({ $ref: '#/$defs/suppression' }),
      unaccepted_events: listOf(text, 'Ids of events that no trigger accepted.'),
      never_fired: listOf(text, 'Ids of triggers that never fired.'),
      near_misses: listOf(
        mapOf({ trigger_id: text, count, test: text, place: placeOrNull, found: text }),
        'Events that failed exactly one test.',
      ),
      by_trigger: listOf(
        mapOf({
          trigger_id: text,
          active: { type: 'boolean' },
          launched: count,
          observed: count,
          suppressed: count,
        }),
      ),
      duplicate_events: count,
      diagnostics,
      why: listOf({ $ref: '#/$defs/why' }, 'With --explain only.'),
      left_out: { ...anyMap, description: 'How many entries of long lists were left out, by list.' },
    },
    ['why'],
  ),
  test: report('test', 'Which rule tests pass.', {
    passed: count,
    failed: count,
    tests: listOf(
      mapOf({
        name: text,
        file: text,
        line: count,
        status: { enum: ['passed', 'failed'] },
        missing: listOf(difference, 'Expected, not decided.'),
        unexpected: listOf(difference, 'Decided, not expected.'),
        different: listOf(difference, 'Both, but not equal.'),
        problem: textOrNull,
      }),
    ),
    coverage: mapOf({
      triggers: { type: 'number', minimum: 0, maximum: 100 },
      branches: { type: 'number', minimum: 0, maximum: 100 },
      uncovered: listOf(mapOf({ trigger_id: text, what: text, place: placeOrNull })),
    }),
    diagnostics,
  }),
  backtest: report(
    'backtest',
    'What a rule folder decides on recorded events, and how another one differs.',
    {
      events: count,
      launches: launches('In the order they were decided.'),
      added: launches('Decided now, not before.'),
      removed: launches('Decided before, not now.'),
      changed: listOf(mapOf({ before: { $ref: '#/$defs/launch' }, after: { $ref: '#/$defs/launch' } })),
      diagnostics,
    },
  ),
  explain: report('explain', 'Why a trigger does or does not fire on events.', {
    trigger_id: text,
    why: listOf({ $ref: '#/$defs/why' }),
    diagnostics,
  }),
  graph: report('graph', 'Event types, triggers and workflows, and what leads to what.', {
    nodes: listOf(mapOf({ id: text, kind: { enum: ['event_type', 'trigger', 'workflow'] }, label: text })),
    edges: listOf(mapOf({ from: text, to: text })),
  }),
};
