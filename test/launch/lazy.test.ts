import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

/** Run in a process of its own: what another test has loaded is loaded. */
const SCRIPT = `
import { createRequire } from 'node:module';
import { createTemplates } from './src/launch/liquid.ts';
import { scopeOf } from './test/launch/scope.ts';
const { cache } = createRequire(process.cwd() + '/');
const loaded = () => Object.keys(cache).some((file) => file.includes('/liquidjs/'));
const templates = createTemplates();
const plain = templates.parse({ a: 'text', b: '{{ event.payload.a }}', c: ['{{ events.size }}'] });
const value = plain.template.render(scopeOf({ a: 1 })).value;
const before = loaded();
templates.parse({ a: 'n {{ event.payload.a | upcase }}' });
console.log(JSON.stringify({ value, before, after: loaded() }));
`;

test('the template engine is loaded when a template needs it, and not before', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--import',
    'tsx',
    '--input-type=module',
    '-e',
    SCRIPT,
  ]);
  expect(JSON.parse(stdout)).toEqual({
    value: { a: 'text', b: 1, c: [0] },
    before: false,
    after: true,
  });
});
