import type { RunIo } from '../engine/api.js';
import { grouped } from './output/words.js';
import type { TextSink } from './streams.js';

const SHOW_AFTER_MS = 1_000;
const REDRAW_MS = 100;
const CLEAR_LINE = '\r\u001b[K';

/** A line on a terminal that says how far a long run is. */
export interface Progress {
  readonly onProgress: NonNullable<RunIo['onProgress']>;
  /** Takes the line away, before anything else is written and at the end. */
  clear(): void;
}

/** Shows itself only on a terminal, and only once a run has taken a second. */
export function createProgress(sink: TextSink, elapsedMs: () => number): Progress {
  const startedAt = elapsedMs();
  let drawnAt = startedAt + SHOW_AFTER_MS - REDRAW_MS;
  let visible = false;
  return {
    onProgress({ bytes, totalBytes, events }) {
      if (!sink.isTerminal) return;
      const now = elapsedMs();
      if (now - drawnAt < REDRAW_MS) return;
      drawnAt = now;
      const share =
        totalBytes === null || totalBytes === 0
          ? ''
          : `  ${Math.min(100, Math.floor((bytes / totalBytes) * 100))} %`;
      const rate = grouped(Math.round((events / (now - startedAt)) * 1_000));
      sink.write(`${CLEAR_LINE}${grouped(events)} events${share}  ${rate}/s`);
      sink.flush();
      visible = true;
    },
    clear() {
      if (!visible) return;
      visible = false;
      sink.write(CLEAR_LINE);
      sink.flush();
    },
  };
}
