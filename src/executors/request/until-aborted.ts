import { Interrupted } from './send.js';

/** The promise, or an Interrupted as soon as the signal aborts: looking up a name cannot be cut off, only no longer waited for. */
export async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let interrupt = (): void => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    interrupt = () => reject(new Interrupted('told to end'));
    signal.addEventListener('abort', interrupt, { once: true });
    if (signal.aborted) interrupt();
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', interrupt);
  }
}
