import { Fault } from '../kernel/fault.js';
import type { Accompanying, Intake, SourceHost } from '../ports/source.js';

/** How many events, and how much text, are handed over and not yet answered. */
export const MAX_HANDED = 256;
const MAX_CHARS = 8 * 1024 * 1024;
const RETRY_MS = 100;
const RETRY_MAX_MS = 5_000;

/** The text of an event on its way to the intake. */
export interface Handed {
  /** Its place among the others of its source. */
  readonly order: number;
  readonly text: string;
  readonly beside?: Accompanying;
}

/** Hands events over to the intake, many at a time, in their order. */
export interface Pump<T extends Handed> {
  /**
   * Resolves when it is so, which is asked whenever something was answered. False: nothing more is taken. Throws what the
   * intake throws when it can take no event any more.
   */
  until(isSo: () => boolean): Promise<boolean>;
  /** Hands over once there is room; false: nothing more is taken, this was not handed over. Throws as `until` does. */
  add(handed: T): Promise<boolean>;
  /** When all that was handed over is answered. Throws as `until` does. */
  drain(): Promise<void>;
  /** The intake takes nothing any more. */
  readonly closed: boolean;
}

/**
 * What is refused for now is given again, in order and before anything else, after a pause that grows; until then nothing
 * more is handed over.
 */
export function createPump<T extends Handed>(options: {
  readonly intake: Intake;
  readonly host: SourceHost;
  readonly signal: AbortSignal;
  /** Says which source it is, in every log line. */
  readonly source: string;
  /** Is told what became of each: null when it is durable, else why it never will be. */
  readonly answered: (handed: T, invalid: Fault | null) => void;
  /** Is told when the intake takes nothing any more. */
  readonly over?: () => void;
}): Pump<T> {
  const { intake, host, signal, source, answered } = options;
  let refused: T[] = [];
  let inFlight = 0;
  let inFlightChars = 0;
  let pauseMs = RETRY_MS;
  let paused: (() => void) | null = null;
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

  const refuse = (handed: T, error: unknown): void => {
    const code = error instanceof Fault ? error.code : 'internal';
    if (code === 'event-invalid' || code === 'event-undecided') {
      answered(handed, error as Fault);
    } else if (code === 'overloaded' || code === 'store-full') {
      if (refused.length === 0)
        host.log.warn('events of a source wait, since the daemon takes none now', { source, reason: code });
      refused.push(handed);
    } else {
      if (code === 'intake-closed') closed = true;
      else failure ??= { error };
      options.over?.();
    }
  };
  const send = async (handed: T): Promise<void> => {
    inFlight++;
    inFlightChars += handed.text.length;
    try {
      await intake.json(handed.text, handed.beside);
      pauseMs = RETRY_MS;
      answered(handed, null);
    } catch (error) {
      refuse(handed, error);
    }
    inFlight--;
    inFlightChars -= handed.text.length;
    if (inFlight === 0 && refused.length > 0 && paused === null && !isOver()) pause();
    wake();
  };
  const pause = (): void => {
    paused = host.clock.after(pauseMs, () => {
      paused = null;
      const again = refused.sort((a, b) => a.order - b.order);
      refused = [];
      for (const handed of again) void send(handed);
    });
    pauseMs = Math.min(RETRY_MAX_MS, pauseMs * 2);
  };
  const hasRoom = (): boolean =>
    refused.length === 0 &&
    paused === null &&
    inFlight < MAX_HANDED &&
    (inFlight === 0 || inFlightChars < MAX_CHARS);
  const throwFailure = (): void => {
    if (failure !== null) throw failure.error;
  };
  const until = async (isSo: () => boolean): Promise<boolean> => {
    while (!isSo() && !isOver()) await changed();
    throwFailure();
    return !isOver();
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
    until,
    get closed() {
      return closed;
    },
    async add(handed) {
      if (!(await until(hasRoom))) return false;
      void send(handed);
      return true;
    },
    async drain() {
      while (inFlight > 0 || (refused.length > 0 && !isOver())) await changed();
      throwFailure();
    },
  };
}
