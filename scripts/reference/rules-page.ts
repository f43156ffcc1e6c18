import { CORE_EVENT_TYPES, EVENT_TYPE_MAX_LENGTH } from '../../src/model/event.js';
import type { JsonSchema } from '../../src/ports/condition-kind.js';
import { eventSchema } from '../../src/validate/schemas/event.js';
import { codes, type Page, table, yaml } from './markdown.js';
import { type Definitions, keyTable } from './schema-fields.js';

/** What a rule file may hold: its top-level keys, triggers, workflows, rule tests; and the events they are about. */
export function rulesPage(definitions: Definitions): Page {
  const of = (name: string): JsonSchema => definitions[name] as JsonSchema;
  return {
    name: 'rules',
    title: 'Rule files',
    about: 'top-level keys, triggers, workflows, rule tests, events and event types',
    parts: [
      'A rule folder is a tree of `*.yaml` and `*.yml` files. What a file holds is told by its top-level keys, never by its name, and a file may hold several documents with `---` between them. A document whose top-level key is `trigger_id` is a single trigger.',
      keyTable(of('rules'), definitions),
      yaml((of('rules')['examples'] as readonly unknown[])[0]),
      '## Trigger',
      'A trigger says which events it hears, what must hold, and what to launch. Its filters are [field tests](field-tests.md), its condition is one of [these](conditions.md), and texts of its input may hold [templates](templates.md).',
      keyTable(of('trigger'), definitions),
      '## Workflow',
      'A workflow says how something is launched, by one of the [executors](executors.md).',
      keyTable(of('workflow'), definitions),
      '## Rule test',
      'A rule test publishes events on a virtual clock and names every launch they should lead to. `triggerd test` runs them.',
      keyTable(of('ruleTest'), definitions),
      '## Event',
      'An event is fifteen fields, all of which may be left out.',
      table(
        ['field', 'meaning'],
        Object.entries(eventSchema['properties'] as Record<string, JsonSchema>).map(([name, field]) => [
          `\`${name}\``,
          String(field['description'] ?? ''),
        ]),
      ),
      '## Event types',
      `An event type is a name of letters, digits, \`_\`, \`:\` and \`-\` in segments with dots between them, at most ${EVENT_TYPE_MAX_LENGTH} characters. In a trigger a final \`*\` stands for one or more whole segments: \`order.*\` hears \`order.paid\` and \`order.item.added\`, \`*\` alone hears everything. Names are free, but one that is nearly a core type is an error. The core types are:`,
      coreTypes(),
    ],
  };
}

function coreTypes(): string {
  const spaces = new Map<string, string[]>();
  for (const type of CORE_EVENT_TYPES) {
    const space = type.split('.')[0] ?? '';
    spaces.set(space, [...(spaces.get(space) ?? []), type]);
  }
  return [...spaces.values()].map((types) => `- ${codes(types)}`).join('\n');
}
