/**
 * Builds dist/: the library as tsc writes it, and the command line bundled. A bundle starts in half the time, since Node
 * finds and links a handful of files instead of several hundred; commands are still loaded only when they are called.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

/** Whether what was built is older than anything it is built from. */
function isStale() {
  const built = 'dist/bundle/main.js';
  if (!existsSync(built)) return true;
  const { mtimeMs } = statSync(built);
  const sources = readdirSync('src', { recursive: true }).map((name) => join('src', name));
  return [...sources, 'scripts/build.mjs', 'package.json', 'tsconfig.json'].some(
    (file) => statSync(file).mtimeMs > mtimeMs,
  );
}

// `npm test` right after `npm ci` need not build again.
if (process.argv.includes('--if-stale') && !isStale()) process.exit(0);

rmSync('dist', { recursive: true, force: true });
// Types are checked by check:types, of the tests too: whoever only installs need not wait for it.
execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', '.', '--noCheck'], {
  stdio: 'inherit',
});
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
  external: [
    '@nats-io/jetstream',
    '@nats-io/transport-node',
    '@opentelemetry/*',
    'better-sqlite3',
    'chokidar',
    'fastify',
    'nodemailer',
    'pino',
    'prom-client',
    'ws',
  ],
  legalComments: 'eof',
  logLevel: 'warning',
  // Dependencies in CommonJS ask for Node's own modules by require.
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
});
