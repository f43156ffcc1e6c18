import { expect, test } from 'vitest';
import type { Json, JsonObject } from '../../src/kernel/json.js';
import { folderOf, host, INPUT, nodeCommand, outputOf, run } from './harness.js';

test.concurrent('a command is refused unless the daemon allows commands', async () => {
  const outcome = await run('command', { argv: ['true'] }, { host: host({ allow_commands: false }) });
  expect(outcome).toMatchObject({
    ok: false,
    retry: 'never',
    reason: 'commands are not allowed by the settings of the daemon',
  });
});

test.concurrent('a command sees a few variables of the daemon, its own, and the launch', async () => {
  const { argv } = nodeCommand('console.log(JSON.stringify(process.env))');
  const on = host({}, { LANG: 'C.UTF-8', TZ: 'UTC', PATH: '/usr/bin:/bin' });
  const env = { REGION: 'eu', COUNT: '5', TRIGGERD_ATTEMPT: '99' };
  const outcome = await run(
    'command',
    { argv, env },
    { host: on, rendered: { argv, env: { ...env, COUNT: 5 } } },
  );
  expect(outputOf(outcome)['stdout']).toEqual({
    TRIGGERD_RUN: expect.any(String),
    PATH: '/usr/bin:/bin',
    HOME: '/root',
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    REGION: 'eu',
    COUNT: '5',
    TRIGGERD_LAUNCH_ID: 'launch-0123456789abcdef',
    TRIGGERD_TRIGGER_ID: 'burst',
    TRIGGERD_WORKFLOW: 'open-incident',
    TRIGGERD_EVENT_ID: 'event-1',
    TRIGGERD_ATTEMPT: '2',
    TRIGGERD_CORRELATION_ID: 'corr-1',
  });
});

test.concurrent('a command gets the whole input, however large, as JSON on its standard input', async () => {
  const input = { ...INPUT, large: 'x'.repeat(1_000_000) };
  const script =
    'let n = 0; process.stdin.on("data", (c) => (n += c.length)).on("end", () => console.log(n))';
  const outcome = await run('command', nodeCommand(script), { input });
  expect(outputOf(outcome)['stdout']).toBe(JSON.stringify(input).length);
});

test.concurrent('arguments are passed on one by one, without a shell, and never as options of their own making', async () => {
  const hostile = ['$(touch /tmp/pwned)', '`id`', '; rm -rf /', '--', '*', "'", '"', 'a b', '', '\n', 'ü→'];
  const outcome = await run(
    'command',
    nodeCommand('console.log(JSON.stringify(process.argv.slice(1)))', '--', ...hostile),
  );
  expect(outputOf(outcome)['stdout']).toEqual(hostile);
});

test.concurrent.each<[Json, string]>([
  [5, '5'],
  [true, 'true'],
  [null, ''],
  [{ a: [1] }, '{"a":[1]}'],
])('an argument that a template made %j is passed on as %j', async (value, wanted) => {
  const { argv } = nodeCommand('console.log(JSON.stringify(process.argv[1]))', '{{ input.a }}');
  const rendered = { argv: [...(argv as readonly Json[]).slice(0, 3), value] };
  const outcome = await run('command', { argv }, { rendered });
  expect(outputOf(outcome)['stdout']).toBe(wanted);
});

test.concurrent('the program and the working directory are the written ones, whatever a template makes of them', async () => {
  const folder = folderOf({});
  const written = { argv: ['/bin/pwd'], cwd: folder.path };
  const outcome = await run('command', written, { rendered: { argv: ['/bin/rm'], cwd: '/' } });
  expect(outputOf(outcome)['stdout']).toBe(`${folder.path}\n`);
  folder.remove();
});

test.concurrent.each<[string, JsonObject, string]>([
  ['a program that is not there', { argv: ['no-such-program-1'] }, 'there is no program no-such-program-1'],
  ['a file that is no program', { argv: ['/etc/passwd'] }, 'the program /etc/passwd may not be run'],
  [
    'a working directory that is not there',
    { argv: ['true'], cwd: '/no/such' },
    'the working directory /no/such is not there',
  ],
  ['a NUL in an argument', { argv: ['true', 'a\0b'] }, 'an argument or variable holds a NUL character'],
  [
    'a NUL in a variable',
    { argv: ['true'], env: { A: '\0' } },
    'an argument or variable holds a NUL character',
  ],
  [
    'arguments that are too large',
    { argv: ['true', 'x'.repeat(8_000_000)] },
    'its arguments and environment are too large',
  ],
])('%s is never tried again', async (_what, settings, reason) => {
  const outcome = await run('command', settings);
  expect(outcome).toMatchObject({ ok: false, retry: 'never', reason: expect.stringContaining(reason) });
});

test.concurrent.each<[string, string, string]>([
  [
    'its status and its last line',
    'echo first >&2; echo "no such region" >&2; exit 7',
    'exit status 7: no such region',
  ],
  ['the signal it ended by', 'kill -KILL $$', 'ended by SIGKILL'],
])('a failed command says %s', async (_what, script, reason) => {
  expect(await run('command', { argv: ['sh', '-c', script] })).toMatchObject({
    ok: false,
    retry: 'yes',
    reason,
  });
});

test.concurrent.each<[string, string, Json]>([
  ['JSON as JSON', 'echo " {\\"a\\": [1]} "', { a: [1] }],
  ['two JSON values as text', 'echo 1; echo 2', '1\n2\n'],
  ['text as text', 'echo done', 'done\n'],
  ['nothing as nothing', 'true', ''],
  ['bytes that are no UTF-8 as text', 'printf "\\377a"', '\ufffda'],
])('the output has %s', async (_what, script, stdout) => {
  expect(await run('command', { argv: ['sh', '-c', script] })).toEqual({
    ok: true,
    output: { exit_status: 0, stdout, stderr: '' },
  });
});

test.concurrent('JSON nested too deep to be kept is text', async () => {
  const script = 'console.log("[".repeat(100) + "]".repeat(100))';
  expect(outputOf(await run('command', nodeCommand(script)))['stdout']).toBe(
    `${'['.repeat(100)}${']'.repeat(100)}\n`,
  );
});

test.concurrent('a command that is told to end may finish its work, and its word counts', async () => {
  const script = 'trap "echo cleaned; exit 0" TERM; while :; do sleep 0.05; done';
  expect(await run('command', { argv: ['sh', '-c', script] }, { timeoutMs: 300 })).toMatchObject({
    ok: true,
    output: { exit_status: 0, stdout: 'cleaned\n' },
  });
});

test.concurrent('the others of the group have their second too, when the first process ends at once', async () => {
  const script = '(trap "sleep 0.2; echo cleaned; exit 0" TERM; while :; do sleep 0.05; done) & wait';
  const outcome = await run('command', { argv: ['sh', '-c', script] }, { timeoutMs: 300 });
  expect(outcome).toMatchObject({ ok: false, output: { stdout: 'cleaned\n' } });
});

test.concurrent('a secret that is cut in two by the end of what is kept is not shown by halves', async () => {
  const on = host({}, { KEY: 'k'.repeat(50) + 'e'.repeat(50) });
  const script = 'process.stdout.write("x".repeat(65536 - 50) + process.env.KEY + "y".repeat(5))';
  const settings = { ...nodeCommand(script), env: { KEY: { secret: { env: 'KEY' } } } };
  const { stdout } = outputOf(await run('command', settings, { host: on }));
  expect(stdout).not.toContain('k');
  expect((stdout as string).length).toBeGreaterThan(65_000);
});
