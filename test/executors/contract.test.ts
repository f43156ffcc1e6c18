import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { executorKinds } from '../../src/executors/registry.js';
import type { Json, JsonObject } from '../../src/kernel/json.js';
import { createTemplates } from '../../src/launch/liquid.js';

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true });
/** Keys of a workflow definition; `with` is the executor's own. */
const WORKFLOW_KEYS = ['description', 'executor', 'with', 'timeout', 'retry', 'concurrency'];

describe.each(executorKinds.map((kind) => [kind.name, kind] as const))('executor kind %s', (_name, kind) => {
  const validate = ajv.compile<Json>(kind.schema);
  const settingsOf = (workflow: JsonObject): JsonObject => (workflow['with'] ?? {}) as JsonObject;

  test('has a snake_case name that no other kind has', () => {
    expect(kind.name).toMatch(/^[a-z]+(_[a-z]+)*$/);
    expect(executorKinds.filter(({ name }) => name === kind.name)).toHaveLength(1);
  });

  test('is summed up in one sentence', () => {
    expect(kind.summary).toMatch(/^[A-Z].{10,}\.$/);
  });

  test('describes its settings and every one of them', () => {
    expect(kind.schema['title']).toEqual(expect.any(String));
    expect(kind.schema['description']).toEqual(expect.any(String));
    const properties = kind.schema['properties'] as Record<string, JsonObject>;
    for (const [key, schema] of Object.entries(properties))
      expect([key, schema['description']]).toEqual([key, expect.stringMatching(/\.$/)]);
  });

  test('gives examples of settings and of whole workflows, all of which its schema takes', () => {
    const settings = [...(kind.schema['examples'] as readonly Json[]), ...kind.examples.map(settingsOf)];
    for (const example of settings)
      expect([example, validate(example), validate.errors]).toEqual([example, true, null]);
    for (const workflow of kind.examples) {
      expect(workflow['executor']).toBe(kind.name);
      expect(WORKFLOW_KEYS).toEqual(expect.arrayContaining(Object.keys(workflow)));
    }
  });

  test('gives examples of each setting that the setting takes', () => {
    const properties = kind.schema['properties'] as Record<string, JsonObject>;
    for (const [key, schema] of Object.entries(properties)) {
      const ofKey = ajv.compile<Json>(schema);
      for (const example of [
        ...((schema['examples'] ?? []) as readonly Json[]),
        ...(schema['default'] === undefined ? [] : [schema['default']]),
      ]) {
        expect([key, example, ofKey(example)]).toEqual([key, example, true]);
      }
    }
  });

  test('writes the templates of its examples in the template language', () => {
    const templates = createTemplates();
    for (const workflow of kind.examples) {
      const parsed = templates.parse(settingsOf(workflow), 'workflow');
      expect('problems' in parsed ? parsed.problems : []).toEqual([]);
    }
  });

  test('refuses a key it does not know, at the top and inside of its maps', () => {
    const settings = settingsOf(kind.examples.at(-1) as JsonObject);
    for (const wrong of withTypo(settings)) {
      const open = validate(wrong.value);
      expect([wrong.where, open && !OPEN_MAPS.has(wrong.where)]).toEqual([wrong.where, false]);
    }
  });

  test('refuses settings that lack what it requires', () => {
    const settings = settingsOf(kind.examples.at(-1) as JsonObject);
    for (const key of (kind.schema['required'] ?? []) as readonly string[]) {
      const rest = Object.fromEntries(Object.entries(settings).filter(([name]) => name !== key));
      expect([key, validate(rest)]).toEqual([key, false]);
    }
  });

  test('refuses settings that are no map', () => {
    for (const value of [null, 'x', 5, true, []]) expect([value, validate(value)]).toEqual([value, false]);
  });
});

/** Maps whose keys are the user's own. */
const OPEN_MAPS = new Set(['headers', 'env', 'body', 'payload', 'metadata']);

/** The settings with an unknown key in each of their maps, one at a time. */
function* withTypo(settings: JsonObject): Generator<{ readonly where: string; readonly value: JsonObject }> {
  yield { where: '', value: { ...settings, unknwon: 'x' } };
  for (const [key, value] of Object.entries(settings)) {
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      yield { where: key, value: { ...settings, [key]: { ...value, unknwon: 'x' } } };
  }
}
