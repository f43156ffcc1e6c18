import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';

/** Chunks of text kept in order for later: the first in memory, what is past `memoryLength` characters in a temporary file. */
export interface Spill {
  readonly isEmpty: boolean;
  add(text: string): void;
  /** Hands everything out in order, in pieces of no particular size. */
  drain(write: (text: string) => void): void;
  /** Removes the file, if there was one. Call it whatever happened. */
  close(): void;
}

const WRITE_LENGTH = 65_536;

export function createSpill(memoryLength = 4_000_000): Spill {
  const kept: string[] = [];
  let keptLength = 0;
  let pending = '';
  let file: { readonly descriptor: number; readonly folder: string } | undefined;

  const writeAll = (descriptor: number, text: string): void => {
    const bytes = Buffer.from(text);
    for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
  };
  const flush = (): void => {
    if (file !== undefined && pending !== '') writeAll(file.descriptor, pending);
    pending = '';
  };
  return {
    get isEmpty() {
      return keptLength === 0;
    },
    add(text) {
      if (file === undefined && keptLength + text.length <= memoryLength) {
        kept.push(text);
        keptLength += text.length;
        return;
      }
      if (file === undefined) {
        const folder = mkdtempSync(join(tmpdir(), 'triggerd-'));
        file = { folder, descriptor: openSync(join(folder, 'spill'), 'wx+', 0o600) };
        keptLength += 1;
      }
      pending += text;
      if (pending.length >= WRITE_LENGTH) flush();
    },
    drain(write) {
      for (const text of kept) write(text);
      if (file === undefined) return;
      flush();
      // A character may be cut in two at the end of a read.
      const decoder = new StringDecoder('utf8');
      const bytes = Buffer.alloc(WRITE_LENGTH);
      for (let position = 0; ; ) {
        const read = readSync(file.descriptor, bytes, 0, bytes.length, position);
        if (read === 0) break;
        position += read;
        write(decoder.write(bytes.subarray(0, read)));
      }
    },
    close() {
      if (file === undefined) return;
      closeSync(file.descriptor);
      rmSync(file.folder, { recursive: true, force: true });
      file = undefined;
    },
  };
}
