import type { Fault } from '../kernel/fault.js';
import type { Intake, SourceHost } from '../ports/source.js';
import type { Line } from './line-splitter.js';
import { createPump, type Handed } from './pump.js';

/** How many lines are remembered behind one that is not answered: those that were skipped count too. */
const MAX_OPEN = 4_096;

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

interface Entry extends Handed {
  readonly line: Line;
  done: boolean;
}

/** `reached` is told how far all lines are done, each time that grows. */
export function createLinePump(options: {
  readonly intake: Intake;
  readonly host: SourceHost;
  readonly signal: AbortSignal;
  /** Says which source it is, in every log line. */
  readonly source: string;
  readonly reached: (line: Line) => void;
}): LinePump {
  const { host, source, reached } = options;
  /** In the order of the source, the first one not done in front. */
  let open: Entry[] = [];
  let skipped = 0;

  const entryOf = (line: Line, text: string): Entry => ({ order: line.offset, text, line, done: false });
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
  const answered = (entry: Entry, invalid: Fault | null): void => {
    if (invalid !== null) reject(entry.line, invalid.message, invalid.hint);
    finish(entry);
  };
  const pump = createPump<Entry>({ ...options, answered });
  const hasPlace = (): boolean => open.length < MAX_OPEN;
  return {
    async add(line, text) {
      if (!(await pump.until(hasPlace))) return false;
      const entry = entryOf(line, text);
      open.push(entry);
      // One that is not taken stays in front of all others: nothing is reached behind it.
      return pump.add(entry);
    },
    async skip(line) {
      if (!(await pump.until(hasPlace))) return false;
      reject(line, line.problem ?? '', null);
      const entry = entryOf(line, '');
      open.push(entry);
      finish(entry);
      return true;
    },
    drain: () => pump.drain(),
  };
}
