import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { nodeArguments } from '../../src/executors/module/node-arguments.js';
import type { Json } from '../../src/kernel/json.js';
import { folderOf, host, INPUT, run } from './harness.js';

let allowed: ReturnType<typeof folderOf>;
let elsewhere: ReturnType<typeof folderOf>;
beforeAll(() => {
  elsewhere = folderOf({ 'other.mjs': 'export default () => 1;' });
  allowed = folderOf({
    'good.mjs': `
      export default (input, launch) => ({ input, launch });
      export const later = async () => 5;
      export const noisy = () => { console.log('{"returned":"6"}'); console.error('x'); return 7; };
      export const nothing = () => {};
      export const own = () => ({ __proto__: null, toJSON: () => ['own'] });
      export const variables = () => process.env;
      export const stays = () => { setInterval(() => {}, 1000); return 'done'; };`,
    'bad.mjs': `
      export const notAFunction = 5;
      export const throws = () => { throw new RangeError('no such region'); };
      export const throwsNothing = () => { throw undefined; };
      export const exitsBadly = () => { console.error('disk on fire'); process.exit(3); };
      export const unsettled = () => new Promise(() => {});
      export const circular = () => { const a = {}; a.a = a; return a; };
      export const fn = () => () => {};
      export const deep = () => { let a = 1; for (let i = 0; i < 100; i++) a = [a]; return a; };
      export const signalled = () => { process.kill(process.pid, 'SIGKILL'); return new Promise(() => setInterval(() => {}, 1000)); };
      export const unhandled = () => new Promise(() => { Promise.reject(new Error('left alone')); setInterval(() => {}, 1000); });
      export const patched = () => { JSON.stringify = () => 'broken'; return 1; };`,
    'syntax.mjs': 'export default (',
    'top.mjs': 'throw new Error("at the top"); export default 1;',
    'old.cjs': 'module.exports = () => "cjs"; module.exports.named = () => "named";',
  });
  mkdirSync(join(allowed.path, 'sub'));
  symlinkSync(join(elsewhere.path, 'other.mjs'), join(allowed.path, 'link.mjs'));
  symlinkSync(elsewhere.path, join(allowed.path, 'linked'));
  symlinkSync(join(allowed.path, 'good.mjs'), join(allowed.path, 'sub', 'inside.mjs'));
});
afterAll(() => {
  allowed.remove();
  elsewhere.remove();
});

const on = (folders: readonly string[] = [allowed.path]) =>
  host({ folder: allowed.path, module_folders: folders });
const call = (file: string, name?: string) =>
  run('module', { file, ...(name === undefined ? {} : { export: name }) }, { host: on() });

test.concurrent('a function gets the input and the launch', async () => {
  expect(await call('good.mjs')).toEqual({
    ok: true,
    output: {
      input: INPUT,
      launch: {
        launch_id: 'launch-0123456789abcdef',
        trigger_id: 'burst',
        workflow_name: 'open-incident',
        at: '2026-01-01T00:00:00Z',
        event_id: 'event-1',
        group: { 'payload.region': 'eu' },
        correlation_id: 'corr-1',
        attempt: 2,
      },
    },
  });
});

test.concurrent.each<[string, string | undefined, Json]>([
  ['good.mjs', 'later', 5],
  ['good.mjs', 'noisy', 7],
  ['good.mjs', 'nothing', null],
  ['good.mjs', 'own', ['own']],
  ['good.mjs', 'stays', 'done'],
  ['sub/inside.mjs', 'later', 5],
  ['old.cjs', undefined, 'cjs'],
  ['bad.mjs', 'patched', 1],
])('%s %s returns %j', async (file, name, output) => {
  expect(await call(file, name)).toEqual({ ok: true, output });
});

test.concurrent('a module sees no more of the environment than a command', async () => {
  const outcome = await call('good.mjs', 'variables');
  expect(
    Object.keys(outcome.output as object)
      .filter((name) => !name.startsWith('TRIGGERD_'))
      .sort(),
  ).toEqual(['HOME', 'PATH']);
});

test.concurrent.each<[string, string | undefined, 'yes' | 'never', string]>([
  ['bad.mjs', 'throws', 'yes', 'it threw RangeError: no such region'],
  ['bad.mjs', 'throwsNothing', 'yes', 'it threw undefined'],
  ['bad.mjs', 'exitsBadly', 'yes', 'it ended its process before it returned: exit status 3: disk on fire'],
  ['bad.mjs', 'unsettled', 'yes', 'its promise was never settled, and nothing was left to wait for'],
  ['bad.mjs', 'signalled', 'yes', 'it ended its process before it returned: ended by SIGKILL'],
  ['bad.mjs', 'unhandled', 'yes', 'it ended its process before it returned: exit status 1'],
  ['bad.mjs', 'circular', 'never', 'it returned what JSON cannot carry: TypeError'],
  ['bad.mjs', 'fn', 'never', 'it returned a function, which JSON cannot carry'],
  ['bad.mjs', 'deep', 'never', 'it returned what nests too deep to be kept'],
  ['bad.mjs', 'notAFunction', 'never', 'it has no function notAFunction among its exports'],
  ['bad.mjs', undefined, 'never', 'it has no function default among its exports'],
  ['bad.mjs', 'hasOwnProperty', 'never', 'it has no function hasOwnProperty among its exports'],
  ['syntax.mjs', undefined, 'yes', 'it could not be loaded: SyntaxError'],
  ['top.mjs', undefined, 'yes', 'it could not be loaded: Error: at the top'],
])('%s %s fails (again: %s): %s', async (file, name, retry, reason) => {
  expect(await call(file, name)).toMatchObject({ ok: false, retry, reason: expect.stringContaining(reason) });
});

test.concurrent.each<[string, string]>([
  ['none.mjs', 'there is no module none.mjs'],
  ['good.mjs/x.mjs', 'there is no module good.mjs/x.mjs'],
  ['a\0.mjs', 'holds a NUL'],
  ['link.mjs', 'is in none of the folders'],
  ['linked/other.mjs', 'is in none of the folders'],
  ['sub/../linked/../linked/other.mjs', 'is in none of the folders'],
  ['../../../../../../../../etc/passwd', 'is in none of the folders'],
])('%j is refused: %s', async (file, reason) => {
  expect(await call(file)).toMatchObject({
    ok: false,
    retry: 'never',
    reason: expect.stringContaining(reason),
  });
});

test.concurrent('a module is refused when no folder is allowed, or only others, or one with a longer name', async () => {
  const file = join(allowed.path, 'good.mjs');
  for (const folders of [
    [],
    [elsewhere.path],
    [join(allowed.path, 'sub')],
    [`${allowed.path}x`],
    [allowed.path.slice(0, -1)],
  ])
    expect(await run('module', { file }, { host: on(folders) })).toMatchObject({ ok: false, retry: 'never' });
});

test.concurrent('an allowed folder may itself be a link', async () => {
  const folders = [join(allowed.path, 'linked')];
  const file = join(elsewhere.path, 'other.mjs');
  expect(await run('module', { file }, { host: on(folders) })).toEqual({ ok: true, output: 1 });
});

test.concurrent('the file and the function are the written ones, whatever a template makes of them', async () => {
  const rendered = { file: 'bad.mjs', export: 'throws' };
  expect(await run('module', { file: 'good.mjs', export: 'later' }, { host: on(), rendered })).toEqual({
    ok: true,
    output: 5,
  });
});

test.each([
  ['a.ts', { flag: true, unasked: false }, true],
  ['a.mts', { flag: true, unasked: true }, true],
  ['a.cts', { flag: false, unasked: true }, false],
  ['a.mjs', { flag: true, unasked: false }, false],
])('%s on a Node with %j is run with types stripped on request: %s', (file, support, asked) => {
  expect(nodeArguments(file, support).includes('--experimental-strip-types')).toBe(asked);
});

test('TypeScript on a Node that cannot read it is refused', () => {
  expect(() => nodeArguments('a.ts', { flag: false, unasked: false })).toThrow('need Node 22.6 or newer');
});
