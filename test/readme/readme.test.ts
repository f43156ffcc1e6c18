import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const run = promisify(execFile);
const readme = readFileSync('README.md', 'utf8');
const blocks = [...readme.matchAll(/```(\w+)\n([\s\S]*?)```/g)].map(([, language, text]) => ({
  language,
  text: text ?? '',
}));

/** Every `npx triggerd …` of the README's shell blocks and of its inline CI line, in order. */
const commands = [
  ...blocks.filter(({ language }) => language === 'sh').flatMap(({ text }) => text.split('\n')),
  ...[...readme.matchAll(/`(npx triggerd [^`]*)`/g)].map(([, inline]) => inline ?? ''),
]
  .flatMap((line) => line.replace(/\s+#.*$/, '').split('&&'))
  .map((command) => command.trim())
  .filter((command, index, all) => command.startsWith('npx triggerd') && all.indexOf(command) === index);

const bin = resolve('bin/triggerd.js');
let cwd = '';

/** The words of a command line, single quotes taken off. */
function argumentsOf(command: string): readonly string[] {
  const words = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
  return words.slice(2);
}

const environment: NodeJS.ProcessEnv = { ...process.env };
let daemon: ChildProcess | null = null;

/** Starts the daemon on a free port, and tells its clients where it is. */
async function startDaemon(args: readonly string[]): Promise<void> {
  const started = spawn(process.execPath, [bin, ...args], {
    cwd,
    env: { ...environment, TRIGGERD_PORT: '0' },
  });
  daemon = started;
  environment['TRIGGERD_URL'] = await new Promise<string>((found, failed) => {
    let text = '';
    started.stderr.on('data', (piece: Buffer) => {
      text += piece.toString();
      const url = /"url":"([^"]+)"/.exec(text)?.[1];
      if (url !== undefined) found(url);
    });
    started.on('exit', (code) => failed(new Error(`triggerd run ended with ${code}: ${text}`)));
  });
}

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'triggerd-readme-'));
  cpSync('rules', join(cwd, 'rules'), { recursive: true });
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

afterAll(() => void daemon?.kill('SIGKILL'));

describe('the commands of the README', () => {
  test('are found', () => expect(commands.length).toBeGreaterThan(10));

  // One after the other: `init` makes the folder that the next ones read, `run` starts what its clients talk to.
  test('all end with exit code 0 and print something', async () => {
    for (const command of commands) {
      const args = argumentsOf(command);
      if (args[0] === 'run') {
        await startDaemon(args);
        continue;
      }
      const result = await run(process.execPath, [bin, ...args], { cwd, env: environment }).catch(
        (error: { code?: number; stderr?: string; stdout?: string }) => {
          throw new Error(`${command} ended with ${error.code}:\n${error.stdout ?? ''}${error.stderr ?? ''}`);
        },
      );
      expect(`${result.stdout}${result.stderr}`, command).not.toBe('');
    }
    // Asked to stop, the daemon ends as if nothing had been.
    const running = daemon as ChildProcess;
    running.removeAllListeners('exit');
    const ended = new Promise((resolveCode) => running.on('exit', (code) => resolveCode(code)));
    running.kill('SIGTERM');
    expect(await ended).toBe(0);
  }, 90_000);
});

test('every file the README links to is there', () => {
  for (const [, target] of readme.matchAll(/\]\(([^)#]+)\)/g)) {
    if (target === undefined || target.startsWith('http')) continue;
    expect(
      () => readFileSync(target.endsWith('/') ? join(target, 'nexus.yaml') : target),
      target,
    ).not.toThrow();
  }
});

test('the example rule of the README is a valid rule file', async () => {
  const { mkdirSync, writeFileSync } = await import('node:fs');
  const yaml = blocks.find(({ language }) => language === 'yaml')?.text ?? '';
  const folder = join(cwd, 'example');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'example.yaml'), yaml);
  const { stdout } = await run(process.execPath, [bin, 'check', folder, '--format', 'json']);
  expect((JSON.parse(stdout) as { diagnostics: unknown[] }).diagnostics).toEqual([]);
});
