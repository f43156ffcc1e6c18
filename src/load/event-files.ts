import { isUtf8 } from 'node:buffer';
import type { FileHandle } from 'node:fs/promises';
import { Fault } from '../kernel/fault.js';
import { fromCloudEvent, isCloudEvent } from './cloud-event.js';
import { firstLine, type FirstLine, firstLineIsJson } from './first-line.js';
import { readJsonEvents } from './json-events.js';
import { EVENT_YAML_MAX_BYTES } from './limits.js';
import { LineReader } from './line-reader.js';
import { openSources } from './open-sources.js';
import type { PlacedValue, RawEvent } from './raw-event.js';
import { readYamlEvents } from './yaml-events.js';

export type { RawEvent } from './raw-event.js';

export interface EventFilesIo {
  readonly stdin: NodeJS.ReadableStream;
  /** Bytes read so far of all sources; the total is null when one of them is standard input. */
  onProgress?(bytesRead: number, totalBytes: number | null): void;
}

const CHUNK_BYTES = 256 * 1024;
/** A file that is one JSON value is held in memory whole. */
const JSON_MAX_BYTES = 256 * 1024 * 1024;
const NEWLINE = 10;

/**
 * Reads sample events from files (and `-`, standard input) in batches, in order. `.jsonl`, `.ndjson` and standard input
 * are JSON Lines, read in constant memory; `.json` is one event, a list of them, or JSON Lines; `.yaml` and `.yml` hold
 * one event or a list per document. CloudEvents are converted. Throws a Fault: `unreadable` for a file that cannot be
 * read, `events-invalid` with file and line for the first thing that is wrong.
 */
export async function* readEventFiles(
  sources: readonly string[],
  io: EventFilesIo,
): AsyncGenerator<RawEvent[]> {
  const files = await openSources(sources);
  const totalBytes = sources.includes('-') ? null : files.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const counter: Counter = {
    ordinal: 0,
    bytes: 0,
    read(bytes) {
      this.bytes += bytes;
      io.onProgress?.(this.bytes, totalBytes);
    },
  };
  try {
    for (const { source, handle } of files) {
      const batches =
        handle === null ? readStream(io.stdin, source, counter) : readFile(handle, source, counter);
      for await (const batch of batches) if (batch.length > 0) yield batch;
    }
  } finally {
    for (const { handle } of files) await handle?.close();
  }
}

interface Counter {
  ordinal: number;
  bytes: number;
  read(bytes: number): void;
}

async function* readFile(handle: FileHandle, file: string, counter: Counter): AsyncGenerator<RawEvent[]> {
  if (/\.ya?ml$/i.test(file)) {
    const bytes = await readAll(handle, file, counter, EVENT_YAML_MAX_BYTES, 'convert it to JSON Lines');
    yield toBatch(readYamlEvents(file, decode(bytes, file)), file, counter);
    return;
  }
  if (/\.json$/i.test(file) && !(await firstLineIsJson(handle))) {
    const hint = 'write it as JSON Lines (.jsonl), one event per line: those are read piece by piece';
    const text = decode(await readAll(handle, file, counter, JSON_MAX_BYTES, hint), file);
    yield toBatch(readJsonEvents(file, text), file, counter);
    return;
  }
  const reader = createLineReader(file, counter);
  // One piece of memory for the whole file: the reader copies what it keeps.
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  for (;;) {
    const { bytesRead } = await handle.read(chunk, 0, CHUNK_BYTES, null);
    if (bytesRead === 0) break;
    counter.read(bytesRead);
    yield reader.push(chunk.subarray(0, bytesRead));
  }
  yield reader.end();
}

/**
 * JSON Lines, or a single JSON value over several lines, as `cat event.json` gives it: told apart by whether the first
 * line is JSON by itself.
 */
async function* readStream(
  stream: NodeJS.ReadableStream,
  file: string,
  counter: Counter,
): AsyncGenerator<RawEvent[]> {
  const reader = createLineReader(file, counter);
  let kind: FirstLine = 'incomplete';
  let head: Buffer[] = [];
  let headBytes = 0;
  for await (const piece of stream) {
    const chunk = typeof piece === 'string' ? Buffer.from(piece) : (piece as Buffer);
    counter.read(chunk.length);
    if (kind === 'json') {
      yield reader.push(chunk);
      continue;
    }
    head.push(chunk);
    headBytes += chunk.length;
    if (headBytes > JSON_MAX_BYTES) {
      throw new Fault(
        'events-invalid',
        `${file}: the input is not JSON Lines, and too large to be one JSON value`,
        {
          hint: 'send one event per line',
        },
      );
    }
    if (kind === 'other' || !chunk.includes(NEWLINE)) continue;
    const start = Buffer.concat(head);
    kind = firstLine(start);
    head = [start];
    if (kind === 'json') {
      head = [];
      yield reader.push(start);
    }
  }
  if (kind === 'json') yield reader.end();
  else yield toBatch(readJsonEvents(file, decode(Buffer.concat(head), file)), file, counter);
}

function createLineReader(file: string, counter: Counter): LineReader {
  return new LineReader(file, (raw, line, batch) => {
    if (Array.isArray(raw)) for (const element of raw) batch.push(toRawEvent(element, file, line, counter));
    else batch.push(toRawEvent(raw, file, line, counter));
  });
}

function toBatch(values: readonly PlacedValue[], file: string, counter: Counter): RawEvent[] {
  return values.map(({ raw, line }) => toRawEvent(raw, file, line, counter));
}

function toRawEvent(raw: unknown, file: string, line: number, counter: Counter): RawEvent {
  const ordinal = ++counter.ordinal;
  if (!isCloudEvent(raw)) return { raw, file, line, ordinal };
  const converted = fromCloudEvent(raw);
  if ('raw' in converted) return { raw: converted.raw, file, line, ordinal };
  const [first] = converted.problems;
  throw new Fault('events-invalid', `${file}:${line}: ${first?.message ?? 'not a CloudEvent'}`, {
    hint: first?.hint ?? 'an event with specversion is read as a CloudEvent 1.0',
  });
}

async function readAll(
  handle: FileHandle,
  file: string,
  counter: Counter,
  limitBytes: number,
  hint: string,
): Promise<Buffer> {
  const { size } = await handle.stat();
  if (size > limitBytes) {
    const limit = `${limitBytes / 1024 / 1024} MiB`;
    throw new Fault('events-invalid', `${file}: over ${limit}, too large to be read as a whole`, { hint });
  }
  const pieces: Buffer[] = [];
  for (let total = 0; total <= limitBytes; ) {
    const piece = Buffer.allocUnsafe(CHUNK_BYTES);
    const { bytesRead } = await handle.read(piece, 0, CHUNK_BYTES, null);
    if (bytesRead === 0) break;
    counter.read(bytesRead);
    total += bytesRead;
    pieces.push(piece.subarray(0, bytesRead));
  }
  return Buffer.concat(pieces);
}

function decode(bytes: Buffer, file: string): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  throw new Fault('events-invalid', `${file}: this is not valid UTF-8`, { hint: 'save the events as UTF-8' });
}
