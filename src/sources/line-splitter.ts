import { isUtf8 } from 'node:buffer';
import { EVENT_MAX_BYTES } from '../model/event.js';

/** A line of a source, or what makes it none. Blank ones are left out. */
export interface Line {
  /** From 1. */
  readonly number: number;
  /** Bytes from the start of the source: where the line begins, and where the next one does. */
  readonly offset: number;
  readonly end: number;
  /** null when it is too long or not UTF-8. */
  readonly text: string | null;
  readonly problem: string | null;
}

export interface LineSplitter {
  /** The lines that these bytes complete. The bytes are copied where they are kept. */
  push(bytes: Buffer): readonly Line[];
  /** What stands behind the last line break, as a line of its own. */
  rest(): readonly Line[];
}

const NEWLINE = 10;
const TOO_LONG = 'the line is over 1 MiB, more than an event may have';
const NOT_UTF8 = 'the line is not valid UTF-8';

/** Splits a source into lines in bounded memory: of a line that is too long nothing is kept. */
export function createLineSplitter(start: { readonly offset: number; readonly line: number }): LineSplitter {
  let { offset, line } = start;
  let pieces: Buffer[] = [];
  /** Of the line so far, those that were thrown away included. */
  let lineBytes = 0;

  const keep = (piece: Buffer): void => {
    lineBytes += piece.length;
    if (lineBytes > EVENT_MAX_BYTES + 1) pieces = [];
    else if (piece.length > 0) pieces.push(piece);
  };
  const take = (breakBytes: 0 | 1): Line | null => {
    const bytes = pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces);
    const sizeBytes = lineBytes;
    const begin = offset;
    pieces = [];
    lineBytes = 0;
    offset += sizeBytes + breakBytes;
    line++;
    const place = { number: line, offset: begin, end: offset };
    if (sizeBytes > EVENT_MAX_BYTES) return { ...place, text: null, problem: TOO_LONG };
    if (!isUtf8(bytes)) return { ...place, text: null, problem: NOT_UTF8 };
    // A byte order mark may only stand at the very beginning.
    const text = bytes.toString('utf8', begin === 0 && hasByteOrderMark(bytes) ? 3 : 0);
    return text.trim() === '' ? null : { ...place, text, problem: null };
  };
  return {
    push(bytes) {
      const lines: Line[] = [];
      let from = 0;
      for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, from)) {
        keep(bytes.subarray(from, at));
        const taken = take(1);
        if (taken !== null) lines.push(taken);
        from = at + 1;
      }
      keep(Buffer.from(bytes.subarray(from)));
      return lines;
    },
    rest() {
      const taken = lineBytes === 0 ? null : take(0);
      return taken === null ? [] : [taken];
    },
  };
}

function hasByteOrderMark(bytes: Buffer): boolean {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
}
