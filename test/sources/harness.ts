import { readdirSync, readlinkSync, realpathSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { setImmediate as turn } from 'node:timers/promises';
import { Fault } from '../../src/kernel/fault.js';
import type { LogFields } from '../../src/kernel/log.js';
import type { Accompanying, Intake, Source, SourceHost } from '../../src/ports/source.js';
import type { Clock } from '../../src/ports/clock.js';
import { createManualClock } from '../support/manual-clock.js';

export interface Logged {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: LogFields;
  /** Epoch ms, by the host's clock. */
  readonly at: number;
}

/** A host whose clock is moved by hand and whose log and bookmark are kept. */
export function createHost(bookmark: { text: string | null } = { text: null }) {
  const clock = createManualClock();
  return { ...createHostAt(clock, bookmark), clock };
}

/** The same with another clock. */
export function createHostAt(clock: Clock, bookmark: { text: string | null } = { text: null }) {
  const logged: Logged[] = [];
  const write =
    (level: Logged['level']) =>
    (message: string, fields: LogFields = {}): void =>
      void logged.push({ level, message, fields, at: clock.now() });
  const host: SourceHost = {
    log: { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') },
    clock,
    bookmark: {
      read: () => bookmark.text,
      write(text) {
        bookmark.text = text;
        return Promise.resolve();
      },
    },
  };
  return { host, logged, bookmark };
}

export interface Taken {
  readonly event_id?: string;
  readonly n?: number;
}

/**
 * An intake that keeps what it is given. `answer` may refuse a text by returning a Fault, or hold it by returning a
 * promise; it is asked again for a text that is given again.
 */
export function createIntake(answer: (text: string) => Promise<void> | Fault | undefined = () => undefined) {
  const given: string[] = [];
  const besides: (Accompanying | undefined)[] = [];
  const taken: Taken[] = [];
  const intake: Intake = {
    async json(text, beside) {
      given.push(text);
      besides.push(beside);
      let value: Taken;
      try {
        value = JSON.parse(text) as Taken;
      } catch (cause) {
        throw new Fault('event-invalid', 'this is not JSON', { hint: 'one event a line', cause });
      }
      const said = answer(text);
      if (said instanceof Fault) throw said;
      if (said === undefined) await turn();
      else await said;
      taken.push(value);
    },
  };
  return { intake, given, besides, taken, numbers: () => taken.map(({ n }) => n) };
}

/** A source at work. */
export function start(source: Source, intake: Intake, clock: ReturnType<typeof createManualClock>) {
  const stop = new AbortController();
  const ended = source.run(intake, stop.signal);
  let failure: unknown;
  let isOver = false;
  ended.then(
    () => (isOver = true),
    (error: unknown) => {
      isOver = true;
      failure = error;
    },
  );
  /** Lets files and promises get on, and the clock with them, until it is so. */
  const until = async (what: string, isSo: () => boolean): Promise<void> => {
    for (let i = 0; i < 20_000; i++) {
      if (isSo()) return;
      if (failure !== undefined) throw failure;
      if (i % 5 === 4) await clock.advance(200);
      // Takes as long as what a source does with its file.
      else await stat('.');
    }
    throw new Error(`it never came to this: ${what}`);
  };
  return {
    ended,
    until,
    untilOver: () => until('the source ends', () => isOver),
    async stop(): Promise<void> {
      stop.abort();
      await ended;
    },
  };
}

export const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, i) => `{"n":${from + i}}\n`).join('');

export const numbersTo = (to: number): readonly number[] => Array.from({ length: to }, (_, n) => n);

/** Whether this process has the file open that is at a path now; where that cannot be seen, it is taken to be so. */
export function isOpen(path: string): boolean {
  if (process.platform !== 'linux') return true;
  const real = realpathSync(path);
  return readdirSync('/proc/self/fd').some((descriptor) => {
    try {
      return readlinkSync(`/proc/self/fd/${descriptor}`) === real;
    } catch {
      // Closed meanwhile.
      return false;
    }
  });
}
