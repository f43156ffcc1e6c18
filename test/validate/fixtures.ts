import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { conditionKinds } from '../../src/conditions/registry.js';
import { executorKinds } from '../../src/executors/registry.js';
import { createTemplates } from '../../src/launch/liquid.js';
import { readEvent } from '../../src/load/event.js';
import { loadFolder } from '../../src/load/folder.js';
import type { Diagnostic } from '../../src/model/diagnostic.js';
import { validateFolder } from '../../src/validate/folder.js';
import { lintAgainstSamples } from '../../src/validate/lints/against-samples.js';
import { observeFields } from '../../src/validate/lints/field-observations.js';

/** What cannot lie in a repository: files made when the fixture is read. */
interface Setup {
  /** Rule files over the size limit. */
  readonly large?: readonly string[];
  /** Symbolic links by name. */
  readonly links?: Readonly<Record<string, string>>;
}

/** What check says of a bad folder, one line a diagnostic and one a hint. */
export async function diagnosticLines(folder: string): Promise<readonly string[]> {
  const setupFile = join(folder, 'setup.json');
  if (!existsSync(setupFile)) return linesOf(folder);
  const copy = mkdtempSync(join(tmpdir(), 'triggerd-bad-'));
  try {
    cpSync(folder, copy, { recursive: true });
    const setup = JSON.parse(readFileSync(setupFile, 'utf8')) as Setup;
    for (const file of setup.large ?? []) writeFileSync(join(copy, file), '# filler\n'.repeat(40_000));
    for (const [link, target] of Object.entries(setup.links ?? {})) symlinkSync(target, join(copy, link));
    return await linesOf(copy);
  } finally {
    rmSync(copy, { recursive: true });
  }
}

async function linesOf(folder: string): Promise<readonly string[]> {
  const loaded = await loadFolder(folder);
  const { source, diagnostics } = validateFolder(loaded.documents, {
    conditions: conditionKinds,
    executors: executorKinds,
    templates: createTemplates(),
    environment: {},
  });
  const events = join(folder, 'events.jsonl');
  const seen = observeFields();
  if (existsSync(events)) {
    for (const line of readFileSync(events, 'utf8').trimEnd().split('\n')) {
      const read = readEvent(JSON.parse(line), { mode: 'strict', receivedAt: 0, newId: () => 'event' });
      if ('event' in read) seen.see(read.event);
    }
  }
  const all = [...loaded.diagnostics, ...diagnostics, ...lintAgainstSamples(source, seen, loaded.documents)];
  const shown = (text: string): string => text.replaceAll(`${folder}/`, '').replaceAll(folder, '.');
  const inOrder = (a: Diagnostic, b: Diagnostic): number =>
    (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) || a.line - b.line || a.column - b.column;
  return all
    .sort(inOrder)
    .flatMap(({ file, line, column, code, message, hint }) => [
      shown(`${file}:${line}:${column} ${code} ${message}`),
      ...(hint === null ? [] : [shown(`  = ${hint}`)]),
    ]);
}
