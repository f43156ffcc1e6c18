import { isUtf8 } from 'node:buffer';
import { type FileHandle, open } from 'node:fs/promises';
import { Fault } from '../kernel/fault.js';
import { EVENT_MAX_BYTES } from '../model/event.js';
import { fromCloudEvent, isCloudEvent } from './cloud-event.js';
import { jsonElements } from './json-elements.js';
import { describeJsonError } from './json-error.js';
import { EVENT_YAML_MAX_BYTES } from './limits.js';
import { LineReader } from './line-reader.js';
import type { RawEvent } from './raw-event.js';
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
  const files = await openAll(sources);
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

interface OpenSource {
  readonly source: string;
  /** null = standard input. */
  readonly handle: FileHandle | null;
  readonly sizeBytes: number;
}

/** Opens every file first: a name mistyped is told before anything is worked on. */
async function openAll(sources: readonly string[]): Promise<OpenSource[]> {
  const files: OpenSource[] = [];
  try {
    for (const source of sources) {
      if (source === '-') {
        files.push({ source, handle: null, sizeBytes: 0 });
        continue;
      }
      const handle = await open(source, 'r');
      files.push({ source, handle, sizeBytes: 0 });
      const info = await handle.stat();
      if (info.isDirectory()) {
        throw new Fault('unreadable', `${source} is a folder, not a file of events`, {
          hint: `name its files: ${source.replace(/\/+$/, '')}/*.jsonl`,
        });
      }
      files[files.length - 1] = { source, handle, sizeBytes: info.size };
    }
    return files;
  } catch (cause) {
    for (const { handle } of files) await handle?.close();
    if (cause instanceof Fault) throw cause;
    const source = sources[files.length] ?? '';
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new Fault('unreadable', `${source} ${missing ? 'does not exist' : 'cannot be read'}`, {
      hint: missing ? 'check the path; it is relative to the current folder' : 'check its permissions',
      cause,
    });
  }
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
    yield toBatch(readJsonText(file, text), file, counter);
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
  else yield toBatch(readJsonText(file, decode(Buffer.concat(head), file)), file, counter);
}

function createLineReader(file: string, counter: Counter): LineReader {
  return new LineReader(file, (raw, line, batch) => {
    if (Array.isArray(raw)) for (const element of raw) batch.push(toRawEvent(element, file, line, counter));
    else batch.push(toRawEvent(raw, file, line, counter));
  });
}

interface PlacedValue {
  readonly raw: unknown;
  readonly line: number;
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

function readJsonText(file: string, text: string): PlacedValue[] {
  const body = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  if (body.trim() === '') return [];
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch (cause) {
    const { message, hint } = describeJsonError(body, true);
    throw new Fault('events-invalid', `${file}: ${message}`, { hint, cause });
  }
  const elements = jsonElements(body);
  const values: unknown[] = Array.isArray(value) ? value : [value];
  return values.map((raw, index) => {
    const { line, length } = elements[index] ?? { line: 1, length: 0 };
    if (length > EVENT_MAX_BYTES) {
      const message = `${file}:${line}: the event is over 1 MiB, more than an event may have`;
      throw new Fault('events-invalid', message, { hint: 'refer to large data instead of sending it along' });
    }
    return { raw, line };
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

/** Looks at the beginning of a file without moving its position. */
async function firstLineIsJson(handle: FileHandle): Promise<boolean> {
  const head = Buffer.allocUnsafe(EVENT_MAX_BYTES);
  const { bytesRead } = await handle.read(head, 0, EVENT_MAX_BYTES, 0);
  return firstLine(head.subarray(0, bytesRead)) === 'json';
}

type FirstLine = 'json' | 'other' | 'incomplete';

/** Whether the first line that is not blank is complete, no longer than an event may be, and JSON by itself. */
function firstLine(bytes: Buffer): FirstLine {
  for (let start = 0; ; ) {
    const end = bytes.indexOf(NEWLINE, start);
    if (end === -1) return 'incomplete';
    const line = bytes
      .toString('utf8', start, end)
      .replace(/^\ufeff/, '')
      .trim();
    const length = end - start;
    start = end + 1;
    if (line === '') continue;
    if (length > EVENT_MAX_BYTES) return 'other';
    try {
      JSON.parse(line);
      return 'json';
    } catch {
      return 'other';
    }
  }
}

function decode(bytes: Buffer, file: string): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  throw new Fault('events-invalid', `${file}: this is not valid UTF-8`, { hint: 'save the events as UTF-8' });
}
