import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { execFileSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Fault } from '../../src/kernel/fault.ts';
import { loadFolder } from '../../src/load/folder.ts';

let base: string;
let home: string;

beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'triggerd-load-')));
  home = process.cwd();
  process.chdir(base);
});
afterEach(() => {
  process.chdir(home);
  rmSync(base, { recursive: true, force: true });
});

function write(path: string, content: string | Buffer = `name: ${path}\n`): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

async function fault(root: string): Promise<Fault> {
  const error: unknown = await loadFolder(root).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(Fault);
  return error as Fault;
}

describe('a rule folder', () => {
  it('is read as a tree of YAML files, sorted by path', async () => {
    for (const path of [
      'rules/b.yaml',
      'rules/a/z.yml',
      'rules/a.yaml',
      'rules/B.YAML',
      'rules/a/b/c.test.yaml',
    ])
      write(path);
    for (const path of ['rules/readme.md', 'rules/x.yaml.bak', 'rules/.hidden.yaml', 'rules/.git/c.yaml'])
      write(path);
    for (const path of ['rules/node_modules/p/d.yaml', 'rules/samples/e.yaml', 'rules/a/samples/f.yaml'])
      write(path);
    const { files, documents, diagnostics } = await loadFolder('rules');
    expect(files).toEqual([
      'rules/B.YAML',
      'rules/a.yaml',
      'rules/a/b/c.test.yaml',
      'rules/a/z.yml',
      'rules/b.yaml',
    ]);
    expect(documents.map(({ file }) => file)).toEqual(files);
    expect(documents.map(({ value }) => value)).toEqual(files.map((name) => ({ name })));
    expect(diagnostics).toEqual([]);
  });

  it.each([
    ['rules', 'rules/a.yaml'],
    ['rules/', 'rules/a.yaml'],
    ['./rules', './rules/a.yaml'],
    ['./rules//', './rules/a.yaml'],
    ['rules/../rules', 'rules/../rules/a.yaml'],
    ['rules/a.yaml', 'rules/a.yaml'],
  ])('given as %s is shown as typed', async (root, file) => {
    write('rules/a.yaml');
    expect((await loadFolder(root)).files).toEqual([file]);
  });

  it('given as the current folder shows bare names, given absolutely whole paths', async () => {
    write('a.yaml');
    expect((await loadFolder('.')).files).toEqual(['a.yaml']);
    expect((await loadFolder(base)).files).toEqual([`${base}/a.yaml`]);
  });

  it('may be a Kubernetes ConfigMap mount, before and after its swap', async () => {
    write('mount/..2026_01/a.yaml', 'v: 1');
    write('mount/..2026_02/a.yaml', 'v: 2');
    symlinkSync('..2026_01', 'mount/..data');
    symlinkSync('..data/a.yaml', 'mount/a.yaml');
    expect((await loadFolder('mount')).documents.map(({ file, value }) => [file, value])).toEqual([
      ['mount/a.yaml', { v: 1 }],
    ]);
    symlinkSync('..2026_02', 'mount/..data_tmp');
    renameSync('mount/..data_tmp', 'mount/..data');
    expect((await loadFolder('mount')).documents.map(({ value }) => value)).toEqual([{ v: 2 }]);
  });

  it('counts a file reached twice once, under its own path, and survives links in a circle', async () => {
    write('rules/z/real.yaml');
    write('elsewhere/far.yaml');
    symlinkSync('z', 'rules/a-link-to-z');
    symlinkSync('z/real.yaml', 'rules/a-link.yaml');
    symlinkSync('..', 'rules/z/up');
    symlinkSync('.', 'rules/self');
    symlinkSync('../elsewhere', 'rules/other');
    const { files, diagnostics } = await loadFolder('rules');
    expect(files).toEqual(['rules/other/far.yaml', 'rules/z/real.yaml']);
    expect(diagnostics).toEqual([]);
  });

  it('that does not exist is a fault', async () => {
    const error = await fault('rules');
    expect(error.code).toBe('folder-missing');
    expect(error.message).toBe('there is no rule folder rules');
    expect(error.hint).toMatch(/folder/);
    write('file/a.yaml');
    expect((await fault('file/a.yaml/b')).code).toBe('folder-missing');
  });

  it('that is a pipe is a fault', async () => {
    execFileSync('mkfifo', ['pipe']);
    expect((await fault('pipe')).message).toMatch(/neither a folder nor a file/);
  });

  it('without YAML files, or without a document in them, is an error', async () => {
    mkdirSync('rules');
    for (const prepare of [
      () => undefined,
      () => write('rules/notes.txt'),
      () => write('rules/a.yaml', '# later\n'),
    ]) {
      prepare();
      const { documents, diagnostics } = await loadFolder('rules');
      expect(documents).toEqual([]);
      expect(diagnostics).toMatchObject([
        { code: 'folder-empty', severity: 'error', file: 'rules', line: 0 },
      ]);
    }
  });

  it('tells of each bad file and reads the others', async () => {
    write('rules/1-large.yaml', 'x'.repeat(300_000));
    write('rules/2-latin1.yaml', Buffer.from('a: 1\nb: gr\u00fcn\n', 'latin1'));
    write('rules/3-utf16.yaml', Buffer.from('\ufeffa: 1\n', 'utf16le'));
    write('rules/4-broken.yaml', 'a: [\n');
    write('rules/5-good.yaml', 'a: 1');
    symlinkSync('nowhere', 'rules/6-link.yaml');
    mkdirSync('rules/7-folder.yaml');
    execFileSync('mkfifo', ['rules/8-pipe.yaml']);
    const { documents, diagnostics } = await loadFolder('rules');
    expect(documents.map(({ file }) => file)).toEqual(['rules/5-good.yaml']);
    const told = diagnostics
      .map(({ file, line, column, code }) => `${file}:${line}:${column} ${code}`)
      .sort();
    expect(told).toEqual([
      'rules/1-large.yaml:0:0 file-too-large',
      'rules/2-latin1.yaml:2:6 yaml-syntax',
      'rules/3-utf16.yaml:1:1 yaml-syntax',
      'rules/4-broken.yaml:1:4 yaml-syntax',
      'rules/6-link.yaml:0:0 file-unreadable',
      'rules/8-pipe.yaml:0:0 file-unreadable',
    ]);
  });

  it.skipIf(process.getuid?.() === 0)('tells of a file without permission', async () => {
    write('rules/a.yaml');
    chmodSync('rules/a.yaml', 0);
    expect((await loadFolder('rules')).diagnostics).toMatchObject([
      { code: 'file-unreadable', message: 'the file cannot be read: permission denied' },
    ]);
  });
});
