import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { COMMANDS } from '../../src/cli/command-table.js';
import { run } from './harness.js';

async function script(shell: string): Promise<string> {
  const { code, out } = await run(['completion', shell]);
  expect(code).toBe(0);
  return out;
}

describe.each(['bash', 'zsh', 'fish'])('the script for %s', (shell) => {
  test('knows every command and its options, the hidden ones not', async () => {
    const text = await script(shell);
    for (const { name, load } of COMMANDS) {
      expect(text).toContain(name);
      for (const option of (await load()).options) {
        if (!option.hidden) expect(text).toMatch(new RegExp(`(?:--|-l )${option.name}\\b`));
      }
    }
    expect(text).toContain('sarif');
  });
});

describe('bash', () => {
  const complete = async (...words: string[]): Promise<string[]> => {
    const list = words.map((word) => `'${word}'`).join(' ');
    const commands = `COMP_WORDS=(${list}); COMP_CWORD=${words.length - 1}; _triggerd; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const ran = spawnSync('bash', ['--norc', '-c', `${await script('bash')}\n${commands}`], {
      encoding: 'utf8',
    });
    expect(ran.stderr).toBe('');
    return ran.stdout.split('\n').filter((line) => line !== '');
  };

  test.each<[words: string[], completions: string[]]>([
    [
      ['triggerd', 'e'],
      ['explain', 'emit', 'events'],
    ],
    [
      ['triggerd', 'dry-run', '--e'],
      ['--events', '--explain'],
    ],
    [['triggerd', 'check', '--format', 's'], ['sarif']],
    [
      ['triggerd', 'graph', '--format', ''],
      ['mermaid', 'dot', 'json'],
    ],
    [['triggerd', 'check', 'sr'], ['src']],
    [['triggerd', 'check', '--events', 'package.j'], ['package.json']],
    [['triggerd', 'completion', 'f'], ['fish']],
    [['triggerd', '--no-color', 'backtest', '--ag'], ['--against']],
  ])('completes %j', async (words, completions) => {
    expect(await complete(...words)).toEqual(completions);
  });
});
