import { connect } from 'node:net';

const LONGEST_BYTES = 64 * 1024;

/** What was said is no line, or none came in time. */
export class NoGreeting extends Error {
  override readonly name = 'NoGreeting';
}

/**
 * The first line that a server says to whoever connects, without its line break; the connection is closed then. Rejects
 * with the platform's error, with a NoGreeting, or with the signal's reason as soon as it aborts.
 */
export function firstLine(
  at: { readonly host: string; readonly port: number },
  withinMs: number,
  signal: AbortSignal,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ ...at, noDelay: true });
    let said = '';
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', interrupt);
      socket.destroy();
    };
    const fail = (error: unknown): void => {
      end();
      reject(error instanceof Error ? error : new Error(String(error)));
    };
    const interrupt = (): void => fail(signal.reason);
    const timer = setTimeout(() => fail(new NoGreeting('it said nothing in time')), withinMs);
    socket.setEncoding('latin1');
    socket.on('data', (piece: string) => {
      said += piece;
      const at = said.indexOf('\n');
      if (at >= 0) {
        end();
        resolve(said.slice(0, at).trimEnd());
      } else if (said.length > LONGEST_BYTES) fail(new NoGreeting('it said more than a line'));
    });
    socket.on('error', fail);
    socket.on('close', () => fail(new NoGreeting('it closed the connection without a word')));
    signal.addEventListener('abort', interrupt, { once: true });
    if (signal.aborted) interrupt();
  });
}
