import { type ChildProcess, spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';

/** A running program, by the lines it has said in full. */
export interface Program {
  readonly process: ChildProcess;
  /** Whole lines so far; what it was cut off in is none. */
  readonly lines: readonly string[];
  /** Resolves with the first line that matches, said before or yet to come; rejects when the program ends without. */
  said(pattern: RegExp): Promise<string>;
  /** Resolves when it has ended and everything it said is in `lines`. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

/** Starts Node with a file; it does not outlive the test. */
export function startProgram(
  file: string,
  parameters: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Program {
  const child = spawn(process.execPath, [file, ...parameters], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...environment },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
    for (const look of waiting) look();
  });
  const ended = new Promise<number | NodeJS.Signals>((resolve) =>
    child.on('close', (code, signal) => resolve(code ?? signal ?? 0)),
  );
  return {
    process: child,
    lines,
    ended,
    said: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const line = lines.find((said) => pattern.test(said));
          if (line === undefined) return;
          waiting.delete(look);
          resolve(line);
        };
        waiting.add(look);
        void ended.then(() => reject(new Error(`ended without ${pattern}: ${lines.join(' | ')}`)));
        look();
      }),
  };
}
