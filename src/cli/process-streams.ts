import { writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../app/clock.js';
import { processEnvironment } from '../app/environment.js';
import { Fault } from '../kernel/fault.js';
import { OutputClosed, type Streams, type TextSink } from './streams.js';

const FLUSH_LENGTH = 65_536;
const RETRY_MS = 5;

/** The streams of this process. */
export function processStreams(): Streams {
  return {
    // Opened on first use only: an opened standard input would keep the process waiting.
    get stdin() {
      return process.stdin;
    },
    stdinIsTerminal: isatty(0),
    stdout: createDescriptorSink(1, () => process.stdout.columns),
    stderr: createDescriptorSink(2, () => process.stderr.columns),
    environment: processEnvironment(),
    elapsedMs: () => performance.now(),
    now: systemClock.now,
    // Keeps the process alive, as the clock's own waits need not.
    wait: (delayMs) => sleep(delayMs),
  };
}

/**
 * Writes to a file descriptor and waits for it, so that a slow reader slows the command instead of filling its memory,
 * and a reader that has gone is known at once. What is written in one go is handed on in one call.
 */
function createDescriptorSink(descriptor: 1 | 2, columnsOf: () => number | undefined): TextSink {
  const isTerminal = isatty(descriptor);
  let held = '';
  let scheduled = false;
  let failure: unknown;

  const flush = (): void => {
    if (failure !== undefined) throw failure;
    if (held === '') return;
    const bytes = Buffer.from(held);
    held = '';
    try {
      for (let done = 0; done < bytes.length; ) done += writeSome(descriptor, bytes, done);
    } catch (cause) {
      failure = failureOf(descriptor, cause);
      throw failure;
    }
  };
  const flushSoon = (): void => {
    if (scheduled) return;
    scheduled = true;
    queueMicrotask(() => {
      scheduled = false;
      try {
        flush();
      } catch {
        // Kept in `failure`: the next write or the last flush throws it.
      }
    });
  };
  return {
    write(text) {
      held += text;
      if (failure !== undefined || held.length >= FLUSH_LENGTH) flush();
      else flushSoon();
    },
    flush,
    isTerminal,
    get columns() {
      return isTerminal ? (columnsOf() ?? 0) : 0;
    },
  };
}

function writeSome(descriptor: number, bytes: Buffer, from: number): number {
  try {
    return writeSync(descriptor, bytes, from);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EAGAIN') throw cause;
    // A descriptor that another process made non-blocking: wait until it takes more.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
    return 0;
  }
}

function failureOf(descriptor: 1 | 2, cause: unknown): Error {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === 'EPIPE') return new OutputClosed('nobody reads the output', { cause });
  const name = descriptor === 1 ? 'standard output' : 'standard error';
  return new Fault('unreadable', `${name} cannot be written: ${message}`, {
    hint: code === 'ENOSPC' ? 'make room on the disk, or write elsewhere' : 'write to a file or a pipe',
    cause,
  });
}
