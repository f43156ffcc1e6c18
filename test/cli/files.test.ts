import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { schemaNames, schemaText } from '../../src/cli/schema-files.js';
import { STARTER_FILES } from '../../src/cli/starter.js';
import { run } from './harness.js';
import { failedTest, testReport } from './reports.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'triggerd-test-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('init', () => {
  test('makes the starter folder and names its files', async () => {
    const rules = join(folder, 'ops', 'rules');
    const { code, out, err } = await run(['init', rules]);
    expect(code).toBe(0);
    const named = out.trimEnd().split('\n');
    for (const file of named) expect(existsSync(file)).toBe(true);
    for (const { path } of STARTER_FILES) expect(named).toContain(join(rules, path));
    expect(err).toContain(`triggerd check ${rules}\n`);
  });

  test('it has no problems, its tests pass and cover everything, and its samples launch each workflow', async () => {
    const rules = join(folder, 'rules');
    await run(['init', rules]);
    const samples = join(rules, 'samples', 'events.jsonl');
    const checked = await run(['check', rules, '--strict', '--events', samples], { real: true });
    expect(checked).toEqual({ code: 0, out: expect.stringContaining('no problems in 3 files'), err: '' });
    const tested = await run(['test', rules, '--min-coverage', '100', '--fail-on-empty'], { real: true });
    expect(tested).toMatchObject({ code: 0, err: '' });
    const tried = await run(['dry-run', rules, '--events', samples, '--format', 'json'], { real: true });
    expect(tried).toMatchObject({ code: 0, err: '' });
    const report = JSON.parse(tried.out) as { launches: { workflow_name: string }[]; never_fired: string[] };
    expect(report.launches.map(({ workflow_name }) => workflow_name)).toEqual([
      'page-on-call',
      'open-incident',
      'review-order',
    ]);
    expect(report.never_fired).toEqual([]);
  });

  test('overwrites nothing, and leaves everything as it was', async () => {
    writeFileSync(join(folder, 'workflows.yaml'), 'mine');
    const { code, out, err } = await run(['init', folder]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(`${join(folder, 'workflows.yaml')} is already there, and nothing is overwritten`);
    expect(readFileSync(join(folder, 'workflows.yaml'), 'utf8')).toBe('mine');
    expect(readdirSync(folder)).toEqual(['workflows.yaml']);
  });

  test('says so when the folder cannot be made', async () => {
    writeFileSync(join(folder, 'file'), '');
    const { code, err } = await run(['init', join(folder, 'file', 'rules')]);
    expect(code).toBe(2);
    expect(err).toMatch(/^error: .* cannot be written: .*\nhint: /);
  });
});

describe('schema', () => {
  test('reads the schemas of a folder by name', () => {
    writeFileSync(join(folder, 'b.schema.json'), '{"b": 1}');
    writeFileSync(join(folder, 'a.schema.json'), '{}');
    writeFileSync(join(folder, 'README.md'), '');
    const url = pathToFileURL(`${folder}/`);
    expect(schemaNames(url)).toEqual(['a', 'b']);
    expect(schemaText('b', url)).toBe('{"b": 1}');
    expect(schemaText('../package', url)).toBeUndefined();
    expect(schemaNames(new URL('none/', url))).toEqual([]);
  });

  test('every name it lists it also prints, as JSON', async () => {
    const { code, out } = await run(['schema']);
    expect(code).toBe(0);
    const names = out.split('\n').filter((line) => line !== '');
    expect(names).toEqual(schemaNames());
    for (const name of names) {
      const printed = await run(['schema', name]);
      expect(JSON.parse(printed.out)).toBeTypeOf('object');
      expect(printed.out.endsWith('\n')).toBe(true);
    }
  });
});

describe('test --junit', () => {
  test('writes the file, in a folder it makes', async () => {
    const file = join(folder, 'reports', 'results.xml');
    const app = { test: () => Promise.resolve(testReport([failedTest])) };
    const { code, out } = await run(['test', '--junit', file], { app });
    expect(code).toBe(1);
    expect(readFileSync(file, 'utf8')).toContain('<testsuites name="triggerd test" tests="1" failures="1">');
    expect(out).toContain('1 failed');
  });

  test('says so when it cannot', async () => {
    const app = { test: () => Promise.resolve(testReport([])) };
    const { code, err } = await run(['test', '--junit', folder], { app });
    expect(code).toBe(2);
    expect(err).toContain(`${folder} cannot be written`);
  });
});
