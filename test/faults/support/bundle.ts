import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const ROOT = join(import.meta.dirname, '../../..');

/** The programs of this folder as JavaScript. */
export interface Programs {
  readonly daemon: string;
  readonly sink: string;
  remove(): void;
}

/**
 * Bundles the programs, which then start many times as fast as their TypeScript: what is killed every second must spend
 * that second at work. They lie within the repository's node_modules, so that packages are found from there.
 */
export async function bundlePrograms(): Promise<Programs> {
  const cache = join(ROOT, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'triggerd-faults-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.on('exit', remove);
  await build({
    entryPoints: ['daemon-process', 'sink-process'].map((name) => join(ROOT, 'test/faults', `${name}.ts`)),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    minifyWhitespace: true,
    minifySyntax: true,
    logLevel: 'error',
    external: ['better-sqlite3'],
    // Dependencies in CommonJS ask for Node's own modules by require.
    banner: {
      js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
    },
  });
  return { daemon: join(folder, 'daemon-process.mjs'), sink: join(folder, 'sink-process.mjs'), remove };
}
