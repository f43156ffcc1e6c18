import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import ts from 'typescript';

const ROOT = join(import.meta.dirname, '../../..');
const NEEDED = ['src/kernel', 'src/model', 'src/stores', 'test/stores/support'];
/** What is not there for a program outside of the repository, and not needed by it. */
const LEFT_OUT = /\.d\.ts$|\/(compiled|folders|program)\.ts$/;

/**
 * Writes the stores and a program of support/ as JavaScript into a folder; returns the program's file. It starts ten times
 * as fast as the TypeScript would, which matters to programs that are started in order to be killed.
 */
export function compileProgram(folder: string, program: string): string {
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  for (const part of NEEDED) {
    for (const entry of readdirSync(join(ROOT, part), { recursive: true, encoding: 'utf8' })) {
      if (!entry.endsWith('.ts') || LEFT_OUT.test(`/${entry}`)) continue;
      const target = join(folder, part, entry.replace(/\.ts$/, '.js'));
      mkdirSync(dirname(target), { recursive: true });
      const { outputText } = ts.transpileModule(readFileSync(join(ROOT, part, entry), 'utf8'), {
        compilerOptions: {
          target: ts.ScriptTarget.ES2023,
          module: ts.ModuleKind.ESNext,
          verbatimModuleSyntax: true,
        },
      });
      // The library is found from the repository, not from where the program lies.
      const library = JSON.stringify(createRequire(import.meta.url).resolve('better-sqlite3'));
      writeFileSync(target, outputText.replace("import('better-sqlite3')", `import(${library})`));
    }
  }
  return join(folder, 'test/stores/support', `${program}.js`);
}
