import { Readable } from 'node:stream';
import { main } from '../../src/cli/main.js';
import type { Streams, TextSink } from '../../src/cli/streams.js';
import type { App, RunIo } from '../../src/engine/api.js';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly app?: Partial<App> | ((io: RunIo) => Partial<App>);
  /** Without it the real application is used. */
  readonly real?: boolean;
  readonly terminal?: boolean;
  readonly columns?: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly elapsedMs?: () => number;
  /** Gets every wait that was asked for, in milliseconds; none is waited. */
  readonly waited?: number[];
}

const refuse = (): Promise<never> => Promise.reject(new Error('the test gave no such function'));
const NO_APP: App = {
  check: refuse,
  dryRun: refuse,
  explain: refuse,
  test: refuse,
  backtest: refuse,
  graph: refuse,
};

function buffer(options: RunOptions): TextSink & { text(): string } {
  let text = '';
  return {
    write(more) {
      text += more;
    },
    flush() {},
    isTerminal: options.terminal ?? false,
    columns: options.columns ?? 0,
    text: () => text,
  };
}

/** Runs one command line inside this process, with captured output and an application of the test's own. */
export async function run(argv: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const stdout = buffer(options);
  const stderr = buffer(options);
  const streams: Streams = {
    stdin: Readable.from([Buffer.from(options.stdin ?? '')]),
    stdinIsTerminal: options.terminal ?? false,
    stdout,
    stderr,
    environment: options.environment ?? {},
    elapsedMs: options.elapsedMs ?? (() => 0),
    now: () => Date.UTC(2026, 0, 1),
    wait(delayMs) {
      options.waited?.push(delayMs);
      return Promise.resolve();
    },
  };
  const { app } = options;
  const createApp = (io: RunIo): App => ({ ...NO_APP, ...(typeof app === 'function' ? app(io) : app) });
  const code = await main(argv, options.real ? { streams } : { streams, createApp });
  return { code, out: stdout.text(), err: stderr.text() };
}
