import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { createLauncher } from '../../src/launch/launch.js';
import { createTemplates } from '../../src/launch/liquid.js';
import type { Ruleset } from '../../src/model/ruleset.js';
import { scopeOf } from './scope.js';

const { cache } = createRequire(import.meta.url);
const loaded = (): boolean => Object.keys(cache).some((file) => file.includes('/liquidjs/'));

test('the template engine is loaded when a template needs it, and not before', () => {
  const templates = createTemplates();
  createLauncher(
    { triggers: [], listeners: [], workflows: new Map(), variables: {}, hash: '' } satisfies Ruleset,
    templates,
  );
  const plain = templates.parse({ a: 'text', b: '{{ event.payload.a }}', c: ['{{ events.size }}'] });
  if (!('template' in plain)) throw new TypeError('problems');
  expect(plain.template.render(scopeOf({ a: 1 })).value).toEqual({ a: 'text', b: 1, c: [0] });
  expect(loaded()).toBe(false);
  templates.parse({ a: 'n {{ event.payload.a | upcase }}' });
  expect(loaded()).toBe(true);
});
