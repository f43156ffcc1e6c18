import { Refusal } from '../refusal.js';
import { RUNNER } from './runner.js';

/** Memory of the objects of a module, MiB. */
export const HEAP_MIB = 256;

/** What a Node knows of TypeScript. */
export interface TypeScriptSupport {
  /** It takes `--experimental-strip-types`. */
  readonly flag: boolean;
  /** It reads TypeScript without being told. */
  readonly unasked: boolean;
}

/** What this Node knows of TypeScript. */
export function ownTypeScriptSupport(): TypeScriptSupport {
  return {
    flag: process.allowedNodeEnvironmentFlags.has('--experimental-strip-types'),
    unasked: 'typescript' in process.features && process.features.typescript !== false,
  };
}

/** The arguments with which Node runs the runner for a module file. */
export function nodeArguments(file: string, support: TypeScriptSupport): readonly string[] {
  const typeScript = /\.[cm]?ts$/.test(file);
  if (typeScript && !support.flag && !support.unasked)
    throw new Refusal('modules in TypeScript need Node 22.6 or newer; compile it to JavaScript');
  return [
    `--max-old-space-size=${HEAP_MIB}`,
    ...(typeScript && support.flag
      ? ['--experimental-strip-types', '--disable-warning=ExperimentalWarning']
      : []),
    '--input-type=module',
    '--eval',
    RUNNER,
  ];
}
