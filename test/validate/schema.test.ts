import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { conditionKinds } from '../../src/conditions/registry.js';
import { executorKinds } from '../../src/executors/registry.js';
import { EVENT_FIELDS } from '../../src/model/event.js';
import type { JsonSchema } from '../../src/ports/condition-kind.js';
import { FIELD_TESTS } from '../../src/validate/field-tests.js';
import { eventSchema } from '../../src/validate/schemas/event.js';
import { reportSchemas } from '../../src/validate/schemas/reports.js';
import { ruleFileSchema } from '../../src/validate/schemas/rule-file.js';
import { OPERATORS } from '../../src/model/test.js';

const ruleFile = ruleFileSchema(conditionKinds, executorKinds);
const definitions = ruleFile['$defs'] as Readonly<Record<string, JsonSchema>>;

function newAjv(): Ajv2020 {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true });
  ajv.addVocabulary(['patternErrorMessage', 'errorMessage']);
  return ajv;
}

describe('the schema of a rule file', () => {
  const ajv = newAjv();
  const validate = ajv.compile(ruleFile);

  test('is a strict schema of draft 2020-12 that takes what its own examples show', () => {
    for (const [name, definition] of Object.entries(definitions)) {
      const part = ajv.getSchema(`${String(ruleFile['$id'])}#/$defs/${name}`);
      for (const example of (definition['examples'] ?? []) as readonly unknown[])
        expect([name, example, part?.(example), part?.errors]).toEqual([name, example, true, null]);
    }
  });

  test.each(['trigger', 'rules', 'workflow', 'ruleTest', 'fieldTest', 'fieldTests', 'hours'])(
    'describes every key of a %s',
    (name) => {
      const missing: string[] = [];
      const look = (schema: JsonSchema, at: string): void => {
        const properties = (schema['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>;
        for (const [key, property] of Object.entries(properties)) {
          const where = `${at}.${key}`;
          if (property['$ref'] === undefined) {
            for (const word of ['title', 'description', 'examples'])
              if (property[word] === undefined) missing.push(`${where} ${word}`);
          }
          look(property, where);
        }
        if (schema['items'] !== undefined) look(schema['items'] as JsonSchema, `${at}[]`);
      };
      look(definitions[name] as JsonSchema, name);
      expect(missing).toEqual([]);
    },
  );

  test.each([
    [{ trigger_id: 'a', event_types: ['x.y'], workflow_name: 'w' }, true],
    [{ triggers: [{ trigger_id: 'a', workflow_name: 'w' }] }, true],
    [{ triggers: [{ trigger_id: 'a' }] }, false],
    [{ trigger_id: 'a', workflow_name: 'w', cooldwn: '5m' }, false],
    [{ trigger_id: 'a', workflow_name: 'w', condition: 'threshold_reached' }, false],
    [
      {
        trigger_id: 'a',
        workflow_name: 'w',
        condition: 'threshold_reached',
        parameters: { threshold_field: 'x', workflow_input: {} },
      },
      true,
    ],
    [{ workflows: { w: { executor: 'http' } } }, false],
    [{ workflows: { w: { executor: 'http', with: { url: 'https://a' } } } }, true],
    [{ wrkflows: {} }, false],
    [[], false],
  ])('for %j says %s', (document, valid) => {
    expect(validate(document)).toBe(valid);
  });
});

test('the table of field tests has every operator once', () => {
  expect(FIELD_TESTS.map(({ name }) => name)).toEqual([...OPERATORS, 'not']);
});

test('the schema of an event is strict, has its fifteen fields, and takes its own example', () => {
  const validate = newAjv().compile(eventSchema);
  expect(Object.keys(eventSchema['properties'] as object)).toEqual([...EVENT_FIELDS]);
  for (const example of eventSchema['examples'] as readonly unknown[]) expect(validate(example)).toBe(true);
  expect(validate({ event_type: 'a..b' })).toBe(false);
});

test.each(Object.entries(reportSchemas))('the schema of the %s report compiles', (_name, schema) => {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
  expect(ajv.compile(schema)({ schema: 'something else' })).toBe(false);
});
