import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { conditionKinds } from '../../src/conditions/registry.js';
import { executorKinds } from '../../src/executors/registry.js';
import type { Json } from '../../src/kernel/json.js';
import { loadFolder } from '../../src/load/folder.js';
import type { JsonSchema } from '../../src/ports/condition-kind.js';
import { codePointCount } from '../../src/validate/code-point-count.js';
import { compileValidator } from '../../src/validate/compile-validator.js';
import { definitionsHash } from '../../src/validate/definitions-hash.js';
import { ruleFileValidator } from '../../src/validate/rule-file-validator.js';
import { schemaHash } from '../../src/validate/rule-file-validators.generated.js';
import { schemaProblems } from '../../src/validate/schema-errors.js';
import { ruleFileSchema } from '../../src/validate/schemas/rule-file.js';

const definitions = ruleFileSchema(conditionKinds, executorKinds)['$defs'] as JsonSchema;
const ahead = ruleFileValidator(conditionKinds, executorKinds);
const compiled = compileValidator(definitions);

/** How many problems both found. */
function agree(value: Json): number {
  let count = 0;
  for (const part of ['trigger', 'rules'] as const) {
    const [made, asked] = [ahead, compiled].map((one) =>
      schemaProblems(one.errors(value, part), value, part),
    );
    expect(made).toEqual(asked);
    count += asked?.length ?? 0;
  }
  return count;
}

async function documentsOf(folder: string): Promise<readonly Json[]> {
  return (await loadFolder(folder)).documents.map(({ value }) => value);
}

test('the validators made ahead are those of the plug-ins that come with the package', () => {
  expect(definitionsHash(definitions)).toBe(schemaHash);
  expect(definitionsHash({ ...definitions, more: {} })).not.toBe(schemaHash);
});

test('the validators made ahead find in a bad example what those compiled on demand find', async () => {
  let found = 0;
  for (const name of readdirSync('test/fixtures/bad')) {
    for (const value of await documentsOf(`test/fixtures/bad/${name}`)) found += agree(value);
  }
  expect(found).toBeGreaterThan(20);
});

const strange = fc.constantFrom<Json>(
  null,
  true,
  -1,
  1.5,
  '',
  'x',
  '5m',
  '{{ x }}',
  '\u{1f600}'.repeat(128),
  [],
  {},
  ['x'],
  { x: 1 },
);

test('the validators made ahead find in a changed rule what those compiled on demand find', async () => {
  const documents = await documentsOf('rules');
  expect(documents.length).toBeGreaterThan(5);
  let found = 0;
  fc.assert(
    fc.property(
      fc.constantFrom(...documents),
      fc.array(fc.nat(), { minLength: 2, maxLength: 8 }),
      strange,
      (value, walk, other) => {
        const copy = structuredClone(value);
        let place: Json = copy;
        for (const step of walk) {
          if (typeof place !== 'object' || place === null) break;
          const keys = Object.keys(place);
          const key = keys[step % keys.length] ?? 'x';
          const container = place as Record<string, Json>;
          if (step === walk.at(-1) || typeof container[key] !== 'object')
            container[step % 5 === 0 ? 'odd' : key] = structuredClone(other);
          place = container[key] ?? null;
        }
        found += agree(copy);
      },
    ),
    { numRuns: 200 },
  );
  expect(found).toBeGreaterThan(100);
});

test('the length of a text is its number of code points', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', '\ud83d', '\ude00', '\u{1f600}', 'é'), maxLength: 12 }),
      (text) => {
        expect(codePointCount(text)).toBe([...text].length);
      },
    ),
  );
});
