import type { SourceHost, SourceKind, Source } from '../ports/source.js';
import { createLinePump } from './line-pump.js';
import { createLineSplitter, type Line } from './line-splitter.js';

const NAME = 'stdin';

/** Events from standard input, one JSON object a line. */
export const stdin: SourceKind = {
  name: NAME,
  summary: 'events on standard input, one a line (JSON Lines)',
  plan: ({ stdin: stream }) =>
    stream === null ? [] : [{ name: NAME, create: (host) => readLines(stream, host) }],
};

function readLines(stream: NodeJS.ReadableStream, host: SourceHost): Source {
  return {
    async run(intake, signal) {
      const splitter = createLineSplitter({ offset: 0, line: 0 });
      const pump = createLinePump({ intake, host, signal, source: NAME, reached: () => undefined });
      const hand = async (lines: readonly Line[]): Promise<boolean> => {
        for (const line of lines) {
          if (signal.aborted) return false;
          const taken = line.text === null ? pump.skip(line) : pump.add(line, line.text);
          if (!(await taken)) return false;
        }
        return true;
      };
      const readAll = async (): Promise<void> => {
        for await (const piece of stream) {
          const bytes = typeof piece === 'string' ? Buffer.from(piece) : (piece as Buffer);
          if (!(await hand(splitter.push(bytes)))) return;
        }
        await hand(splitter.rest());
      };
      await whileReading(stream, signal, host, readAll);
      await pump.drain();
    },
  };
}

/** Ends the reading when the signal aborts: a stream that says nothing would be waited for. */
async function whileReading(
  stream: NodeJS.ReadableStream,
  signal: AbortSignal,
  host: SourceHost,
  read: () => Promise<void>,
): Promise<void> {
  if (signal.aborted) return;
  let failure: Error | null = null;
  const onError = (error: Error): void => void (failure = error);
  const end = (): void => {
    if ('destroy' in stream && typeof stream.destroy === 'function') stream.destroy();
  };
  stream.on('error', onError);
  signal.addEventListener('abort', end, { once: true });
  try {
    await read();
  } catch (error) {
    // A stream that we ended ourselves, or that broke: of both it is told by its own error.
    if (!signal.aborted && error !== failure) throw error;
  } finally {
    signal.removeEventListener('abort', end);
    stream.off('error', onError);
  }
  if (failure !== null && !signal.aborted)
    host.log.error('standard input cannot be read any more', { problem: (failure as Error).message });
}
