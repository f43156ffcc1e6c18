import { conditionKinds } from '../../src/conditions/registry.js';
import { executorKinds } from '../../src/executors/registry.js';
import { templateFilters } from '../../src/launch/filters.js';
import { TEMPLATE_TAGS } from '../../src/launch/inspect-template.js';
import { ROOT_NAMES } from '../../src/launch/names.js';
import type { JsonSchema } from '../../src/ports/condition-kind.js';
import { FIELD_TESTS } from '../../src/validate/field-tests.js';
import { code, codes, type Page, table, yaml } from './markdown.js';
import { type Definitions, keyTable } from './schema-fields.js';

/** The operators of field tests. */
export function fieldTestsPage(): Page {
  const rows = FIELD_TESTS.map((test) => [
    code(test.name),
    test.summary,
    code(JSON.stringify(test.example)),
    [
      test.ignoresCase ? '`ignore_case`' : '',
      test.converts ? '`as`' : '',
      test.takesField ? '`{ field: … }`' : '',
    ]
      .filter(Boolean)
      .join(' '),
  ]);
  return {
    name: 'field-tests',
    title: 'Field tests',
    about: 'every operator of `filters`, `where` and `unless`',
    parts: [
      'Field tests are a map from path to test, and every entry must hold. They stand under `filters:` of a trigger, in conditions, and in the `filters` of a stream subscription.',
      yaml({
        filters: {
          priority: { at_least: 'high' },
          'payload.region': ['eu', 'us'],
          'payload.total': { at_least: 100, less_than: 1000 },
        },
      }),
      'A bare value stands for `equal`, a list for `in`, and several operators in one test must all hold. `all:`, `any:` and `none:` hold lists of such maps. No test converts a value unless `as` says so: `"5"` is not `5`. A field that is missing passes no test but `exists: false`.',
      'Beside an operator may stand what the last column names: `ignore_case: true`; `as: number`, `string` or `time`, which converts the value first; and in place of the operand another field, `{ field: payload.limit }`, or a variable, `{ var: max_load }`.',
      table(['test', 'holds when', 'example', 'beside it'], rows),
    ],
  };
}

/** The condition kinds with their settings. */
export function conditionsPage(definitions: Definitions): Page {
  return {
    name: 'conditions',
    title: 'Conditions',
    about: 'every condition with its settings and examples',
    parts: [
      `A trigger's condition is one key that names the kind, with its settings below: ${codes(conditionKinds.map(({ name }) => name))}. Left out, it is \`event_occurred\`. \`all:\`, \`any:\` and \`none:\` compose conditions. What exactly happens, with timelines, is in [semantics](../semantics.md).`,
      ...conditionKinds.flatMap((kind) => [
        `## ${kind.name}`,
        kind.summary,
        keyTable(kind.schema, definitions) || settingsWords(kind.schema),
        ...kind.examples.map((example) => yaml({ condition: example })),
      ]),
    ],
  };
}

/** Of a condition whose settings have no names of their own. */
function settingsWords(schema: JsonSchema): string {
  return schema['maxProperties'] === 0 || schema['additionalProperties'] === false
    ? 'It has no settings.'
    : 'Its settings are a map of [field tests](field-tests.md).';
}

/** Names, tags and filters of templates. */
export function templatesPage(): Page {
  return {
    name: 'templates',
    title: 'Templates',
    about: 'names, tags and filters of templates',
    parts: [
      'A text may hold `{{ path | filter }}`. One that is nothing but a single `{{ … }}` keeps the type of its value; within other text an object becomes compact JSON. A value that is missing gives null, with a warning in the decision.',
      table(
        ['where', 'names to start from'],
        [
          ['`workflow_input` of a trigger', codes(ROOT_NAMES.trigger)],
          ['`with` of a workflow', codes(ROOT_NAMES.workflow)],
        ],
      ),
      `Tags: ${codes(TEMPLATE_TAGS)}. There are no loops, no assignments and no includes. The filters are all of these:`,
      table(
        ['filter', 'gives', 'example'],
        templateFilters.map((filter) => [
          code(filter.name),
          filter.summary,
          `${code(filter.example.template)} → ${code(JSON.stringify(filter.example.gives))}`,
        ]),
      ),
    ],
  };
}

/** The executors with what stands under `with`. */
export function executorsPage(definitions: Definitions): Page {
  return {
    name: 'executors',
    title: 'Executors',
    about: 'every executor with its settings and examples',
    parts: [
      'An executor carries out the launches of a workflow; its settings stand under `with:`. Every executor hands on the launch id as an idempotency key, so that an attempt that is repeated after a crash can be told from a second launch.',
      ...executorKinds.flatMap((kind) => [
        `## ${kind.name}`,
        kind.summary,
        keyTable(kind.schema, definitions) || 'It has no settings of its own.',
        ...kind.examples.map((example) => yaml(example)),
      ]),
    ],
  };
}
