import { describe, expect, test } from 'vitest';
import { conditionKinds } from '../../src/conditions/registry.js';
import type { Json, JsonObject } from '../../src/kernel/json.js';
import { buildContext, compileSettings } from './build-context.js';

describe.each(conditionKinds.map((kind) => [kind.name, kind] as const))(
  'condition kind %s',
  (_name, kind) => {
    const settingsOf = (example: JsonObject): Json => example[kind.name] as Json;
    const classicExamples = (kind.classicSchema?.['examples'] ?? []) as readonly JsonObject[];

    test('has a snake_case name that no other kind has', () => {
      expect(kind.name).toMatch(/^[a-z]+(_[a-z]+)*$/);
      expect(conditionKinds.filter(({ name }) => name === kind.name)).toHaveLength(1);
    });

    test('is summed up in one sentence', () => {
      expect(kind.summary).toMatch(/^[A-Z].{10,}\.$/);
      expect(kind.summary).not.toContain('\n');
    });

    test('describes its settings with title, description and examples that its schema takes', () => {
      const validate = compileSettings(kind.schema);
      expect(kind.schema['title']).toEqual(expect.any(String));
      expect(kind.schema['description']).toEqual(expect.any(String));
      const examples = kind.schema['examples'] as readonly Json[];
      expect(examples.length).toBeGreaterThan(0);
      for (const example of examples)
        expect([example, validate(example), validate.errors]).toEqual([example, true, null]);
    });

    test('gives examples of a whole condition, all of which its schema takes', () => {
      const validate = compileSettings(kind.schema);
      expect(kind.examples.length).toBeGreaterThan(0);
      for (const example of kind.examples) {
        expect(Object.keys(example)).toEqual([kind.name]);
        expect([example, validate(settingsOf(example)), validate.errors]).toEqual([example, true, null]);
      }
    });

    test('refuses a key it does not know', () => {
      if (kind.schema['$ref'] !== undefined) return expect(kind.schema['$ref']).toBe('#/$defs/fieldTests');
      const validate = compileSettings(kind.schema);
      const settings = settingsOf(kind.examples[0] as JsonObject) as JsonObject;
      expect(validate({ ...settings, filed: 1 })).toBe(false);
    });

    test('builds every example into the same plain data each time, reporting nothing', () => {
      for (const settings of [
        ...kind.examples.map(settingsOf),
        ...(kind.schema['examples'] as readonly Json[]),
      ]) {
        const { context, reports } = buildContext();
        const built = kind.build(settings, context);
        expect(reports).toEqual([]);
        expect(JSON.parse(JSON.stringify(built))).toEqual(built);
        expect(kind.build(settings, context)).toEqual(built);
        if (built.memory === 'group') expect(kind.reducer).not.toBeNull();
      }
    });

    test('builds from frozen settings: it never changes what it is given', () => {
      for (const example of kind.examples) {
        const settings = deepFreeze(structuredClone(settingsOf(example)));
        expect(() => kind.build(settings, buildContext().context)).not.toThrow();
      }
    });

    test('reads the classic form wherever that has a schema of its own', () => {
      if (kind.classicSchema === null) return expect(kind.buildClassic).toBeUndefined();
      const validate = compileSettings(kind.classicSchema);
      expect(classicExamples.length).toBeGreaterThan(0);
      for (const parameters of classicExamples) {
        expect([parameters, validate(parameters), validate.errors]).toEqual([parameters, true, null]);
        const { context, reports } = buildContext({ pointer: '/parameters' });
        const built = kind.buildClassic?.(parameters, context);
        expect(reports).toEqual([]);
        expect(JSON.parse(JSON.stringify(built))).toEqual(built);
      }
    });
  },
);

function deepFreeze(value: Json): Json {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach((member) => deepFreeze(member as Json));
    Object.freeze(value);
  }
  return value;
}
