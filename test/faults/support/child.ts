import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

const LINES_KEPT = 200;

/** A program of Node's that was started to be talked with, and perhaps to be killed. */
export interface Child {
  /** Resolves with the first line (of either output) that contains the text; null when the program ends without. */
  said(text: string): Promise<string | null>;
  /** The last lines it said. */
  readonly lines: readonly string[];
  /** Calls back with each line from now on. */
  onLine(listener: (line: string) => void): void;
  kill(signal: 'SIGKILL' | 'SIGTERM'): void;
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
  readonly hasEnded: boolean;
}

const living = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of living) child.kill('SIGKILL');
});

/** Starts Node with a file; the program can tell by the end of its standard input that nobody needs it any more. */
export function startChild(file: string, parameters: readonly string[]): Child {
  const child = spawn(process.execPath, [file, ...parameters], { stdio: ['pipe', 'pipe', 'pipe'] });
  living.add(child);
  const lines: string[] = [];
  const listeners = new Set<(line: string) => void>();
  let hasEnded = false;
  const hear = (line: string): void => {
    lines.push(line);
    if (lines.length > LINES_KEPT) lines.shift();
    for (const listener of listeners) listener(line);
  };
  createInterface({ input: child.stdout }).on('line', hear);
  createInterface({ input: child.stderr }).on('line', hear);
  child.stdin.on('error', () => undefined);
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.on('error', () => resolve(-1));
    child.on('close', (code, signal) => resolve(code ?? signal ?? -1));
  }).then((end) => {
    hasEnded = true;
    living.delete(child);
    return end;
  });
  return {
    lines,
    ended,
    get hasEnded() {
      return hasEnded;
    },
    onLine(listener) {
      listeners.add(listener);
    },
    kill(signal) {
      child.kill(signal);
    },
    said(text) {
      const before = lines.find((line) => line.includes(text));
      if (before !== undefined) return Promise.resolve(before);
      return new Promise((resolve) => {
        const look = (line: string): void => {
          if (!line.includes(text)) return;
          listeners.delete(look);
          resolve(line);
        };
        listeners.add(look);
        void ended.then(() => resolve(null));
      });
    },
  };
}
