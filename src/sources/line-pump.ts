import { Fault } from '../kernel/fault.js';
import type { Intake, SourceHost } from '../ports/source.js';
import type { Line } from './line-splitter.js';

/** How many lines, and how much text, are handed over and not yet answered. */
const MAX_LINES = 256;
const MAX_CHARS = 8 * 1024 * 1024;
/** How many lines are remembered behind one that is not answered: those that were skipped count too. */
const MAX_OPEN = 4_096;
const RETRY_MS = 100;
const RETRY_MAX_MS = 5_000;

/** Hands lines over to the intake, many at a time, in their order. */
export interface LinePump {
  /**
   * Resolves when there is room for the next one. False: nothing more is taken, the line was not handed over. Throws what
   * the intake throws when it can take no event any more.
   */
  add(line: Line, text: string): Promise<boolean>;
  /** A line that is no event: told, counted, and done. */
  skip(line: Line): Promise<boolean>;
  /** When all that was handed over is answered. Throws as `add` does. */
  drain(): Promise<void>;
}

interface Entry {
  readonly line: Line;
  readonly text: string;
  done: boolean;
}

/**
 * `reached` is told how far all lines are done, each time that grows. What is refused for now is given again, in order and
 * before anything else, after a pause that grows; until then nothing more is handed over.
 */
export function createLinePump(options: {
  readonly intake: Intake;
  readonly host: SourceHost;
  readonly signal: AbortSignal;
  /** Says which source it is, in every log line. */
  readonly source: string;
  readonly reached: (line: Line) => void;
}): LinePump {
  const { intake, host, signal, source, reached } = options;
  /** In the order of the source, the first one not done in front. */
  let open: Entry[] = [];
  let refused: Entry[] = [];
  let inFlight = 0;
  let inFlightChars = 0;
  let pauseMs = RETRY_MS;
  let paused: (() => void) | null = null;
  let skipped = 0;
  let closed = false;
  let failure: { readonly error: unknown } | null = null;
  let wakers: (() => void)[] = [];

  const wake = (): void => {
    const woken = wakers;
    wakers = [];
    for (const waker of woken) waker();
  };
  const changed = (): Promise<void> => new Promise((resolve) => wakers.push(resolve));
  const isOver = (): boolean => closed || failure !== null || signal.aborted;

  const finish = (entry: Entry): void => {
    entry.done = true;
    let count = 0;
    while (open[count]?.done) count++;
    const last = open[count - 1];
    if (last === undefined) return;
    open = open.slice(count);
    reached(last.line);
  };
  const reject = ({ number, offset }: Line, problem: string, hint: string | null): void => {
    skipped++;
    host.log.warn('a line is no event and is skipped', {
      source,
      line: number,
      offset,
      problem,
      hint,
      skipped,
    });
  };
  const refuse = (entry: Entry, error: unknown): void => {
    const code = error instanceof Fault ? error.code : 'internal';
    if (code === 'event-invalid') {
      reject(entry.line, (error as Fault).message, (error as Fault).hint);
      finish(entry);
    } else if (code === 'overloaded' || code === 'store-full') {
      if (refused.length === 0)
        host.log.warn('events of a source wait, since the daemon takes none now', { source, reason: code });
      refused.push(entry);
    } else if (code === 'intake-closed') {
      closed = true;
    } else {
      failure ??= { error };
    }
  };
  const send = async (entry: Entry): Promise<void> => {
    inFlight++;
    inFlightChars += entry.text.length;
    try {
      await intake.json(entry.text);
      pauseMs = RETRY_MS;
      finish(entry);
    } catch (error) {
      refuse(entry, error);
    }
    inFlight--;
    inFlightChars -= entry.text.length;
    if (inFlight === 0 && refused.length > 0 && paused === null && !isOver()) pause();
    wake();
  };
  const pause = (): void => {
    paused = host.clock.after(pauseMs, () => {
      paused = null;
      const again = refused.sort((a, b) => a.line.offset - b.line.offset);
      refused = [];
      for (const entry of again) void send(entry);
    });
    pauseMs = Math.min(RETRY_MAX_MS, pauseMs * 2);
  };
  const isFull = (): boolean =>
    open.length >= MAX_OPEN ||
    refused.length > 0 ||
    paused !== null ||
    inFlight >= MAX_LINES ||
    (inFlight > 0 && inFlightChars >= MAX_CHARS);
  const throwFailure = (): void => {
    if (failure !== null) throw failure.error;
  };

  signal.addEventListener(
    'abort',
    () => {
      paused?.();
      paused = null;
      wake();
    },
    { once: true },
  );
  return {
    async add(line, text) {
      while (isFull() && !isOver()) await changed();
      throwFailure();
      if (isOver()) return false;
      const entry: Entry = { line, text, done: false };
      open.push(entry);
      void send(entry);
      return true;
    },
    async skip(line) {
      while (open.length >= MAX_OPEN && !isOver()) await changed();
      throwFailure();
      if (isOver()) return false;
      reject(line, line.problem ?? '', null);
      const entry: Entry = { line, text: '', done: false };
      open.push(entry);
      finish(entry);
      return true;
    },
    async drain() {
      while (inFlight > 0 || (refused.length > 0 && !isOver())) await changed();
      throwFailure();
    },
  };
}
