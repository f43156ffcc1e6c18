/**
 * Builds dist/: the library as tsc writes it, and the command line bundled. A bundle starts in half the time, since Node
 * finds and links a handful of files instead of several hundred; commands are still loaded only when they are called.
 */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { build } from 'esbuild';

rmSync('dist', { recursive: true, force: true });
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', '.'], { stdio: 'inherit' });
await build({
  entryPoints: ['dist/cli/main.js'],
  // Two folders below package.json like dist/cli: what is found from there is found from here.
  outdir: 'dist/bundle',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  minifyWhitespace: true,
  minifySyntax: true,
  // What only the daemon needs stays where npm put it: it is loaded when it runs, and one of them is no JavaScript.
  external: ['better-sqlite3', 'chokidar', 'fastify', 'nodemailer', 'pino', 'prom-client', 'ws'],
  legalComments: 'eof',
  logLevel: 'warning',
  // Dependencies in CommonJS ask for Node's own modules by require.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
});
