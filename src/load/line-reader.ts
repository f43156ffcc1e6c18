import { isUtf8 } from 'node:buffer';
import { Fault } from '../kernel/fault.js';
import { EVENT_MAX_BYTES } from '../model/event.js';
import { describeJsonError } from './json-error.js';
import type { RawEvent } from './raw-event.js';

const NEWLINE = 10;

/**
 * Reads JSON Lines from chunks of bytes in constant memory. Each chunk is decoded and searched as a whole, so that a
 * million lines cost little more than their JSON.parse.
 */
export class LineReader {
  readonly #file: string;
  readonly #add: (raw: unknown, line: number, batch: RawEvent[]) => void;
  /** Bytes after the last line break so far; their total, so that a long line is not joined again and again. */
  #rest: Buffer[] = [];
  #restBytes = 0;
  #line = 0;

  constructor(file: string, add: (raw: unknown, line: number, batch: RawEvent[]) => void) {
    this.#file = file;
    this.#add = add;
  }

  /** The events of all lines that this chunk completes. Throws a Fault `events-invalid` at a bad line. */
  push(chunk: Buffer): RawEvent[] {
    const last = chunk.lastIndexOf(NEWLINE);
    if (last === -1) {
      this.#keep(chunk);
      return [];
    }
    const first = this.#restBytes === 0 ? -1 : chunk.indexOf(NEWLINE);
    const batch: RawEvent[] = [];
    if (first !== -1) {
      this.#keep(chunk.subarray(0, first + 1));
      this.#read(this.#take(), batch);
    }
    this.#read(chunk.subarray(first + 1, last + 1), batch);
    // A copy: the caller reads its next chunk into the same memory.
    if (last + 1 < chunk.length) this.#keep(Buffer.from(chunk.subarray(last + 1)));
    return batch;
  }

  /** The last line, when no line break ends it. */
  end(): RawEvent[] {
    const batch: RawEvent[] = [];
    if (this.#restBytes > 0) this.#read(this.#take(), batch);
    return batch;
  }

  #keep(bytes: Buffer): void {
    this.#restBytes += bytes.length;
    if (this.#restBytes > EVENT_MAX_BYTES + 1) throw this.#tooLong(this.#line + 1);
    this.#rest.push(Buffer.from(bytes));
  }

  #take(): Buffer {
    const bytes = this.#rest.length === 1 ? (this.#rest[0] as Buffer) : Buffer.concat(this.#rest);
    this.#rest = [];
    this.#restBytes = 0;
    return bytes;
  }

  #read(bytes: Buffer, batch: RawEvent[]): void {
    if (!isUtf8(bytes)) throw this.#notUtf8(bytes);
    const text = bytes.toString('utf8');
    const tooLong = bytes.length > EVENT_MAX_BYTES;
    let start = this.#line === 0 && text.charCodeAt(0) === 0xfeff ? 1 : 0;
    while (start < text.length) {
      let end = text.indexOf('\n', start);
      if (end === -1) end = text.length;
      this.#line++;
      if (
        end - start > EVENT_MAX_BYTES / 3 &&
        tooLong &&
        Buffer.byteLength(text.slice(start, end)) > EVENT_MAX_BYTES
      )
        throw this.#tooLong(this.#line);
      const line = text.slice(start, end);
      let raw: unknown;
      try {
        raw = JSON.parse(line);
      } catch (cause) {
        // Blank lines come here too: testing every line for them would cost more.
        if (line.trim() !== '') throw this.#notJson(line, cause);
        start = end + 1;
        continue;
      }
      this.#add(raw, this.#line, batch);
      start = end + 1;
    }
  }

  #notJson(line: string, cause: unknown): Fault {
    const { message, hint } = describeJsonError(line, false);
    return new Fault('events-invalid', `${this.#file}:${this.#line}: ${message}`, { hint, cause });
  }

  #tooLong(line: number): Fault {
    return new Fault(
      'events-invalid',
      `${this.#file}:${line}: the line is over 1 MiB, more than an event may have`,
      {
        hint: 'JSON Lines have one event per line; a file that is one JSON array is read when its name ends in .json',
      },
    );
  }

  #notUtf8(bytes: Buffer): Fault {
    const text = bytes.toString('utf8');
    const at = text.indexOf('\ufffd');
    let line = this.#line + 1;
    for (let next = text.indexOf('\n'); next !== -1 && next < at; next = text.indexOf('\n', next + 1)) line++;
    return new Fault('events-invalid', `${this.#file}:${line}: this is not valid UTF-8`, {
      hint: 'save or export the events as UTF-8',
    });
  }
}
