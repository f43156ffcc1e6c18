import type { Position } from '../model/document.js';

/** The text of a file, and where its lines are. Columns count UTF-16 units from 1, as editors do. */
export interface SourceText {
  readonly text: string;
  /** Line and column of a character range; the length is what of it stands on its first line, at least 1. */
  position(start: number, end: number): Position;
  /** A line without its line break; undefined past the end. */
  line(line: number): string | undefined;
}

/** Line starts are looked up on first use: most files are never pointed into. */
export function createSourceText(text: string): SourceText {
  let starts: number[] | undefined;
  const lineStarts = (): number[] => {
    if (starts === undefined) {
      starts = [0];
      for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    }
    return starts;
  };
  const lineEnd = (index: number): number => {
    const next = lineStarts()[index + 1];
    const end = next === undefined ? text.length : next - 1;
    return end > 0 && text.charCodeAt(end - 1) === 13 && end - 1 >= (lineStarts()[index] ?? 0)
      ? end - 1
      : end;
  };
  return {
    text,
    position(start, end) {
      const at = Math.min(Math.max(start, 0), text.length);
      const all = lineStarts();
      let low = 0;
      let high = all.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if ((all[middle] as number) <= at) low = middle;
        else high = middle - 1;
      }
      const column = at - (all[low] as number) + 1;
      return { line: low + 1, column, length: Math.max(1, Math.min(end, lineEnd(low)) - at) };
    },
    line(line) {
      const start = lineStarts()[line - 1];
      return start === undefined ? undefined : text.slice(start, lineEnd(line - 1));
    },
  };
}
