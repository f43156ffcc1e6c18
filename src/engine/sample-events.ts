import { Fault } from '../kernel/fault.js';
import { readEvent } from '../load/event.js';
import { readEventFiles } from '../load/event-files.js';
import type { Event } from '../model/event.js';
import type { RunIo } from './api.js';

/** Where virtual time begins when nothing says otherwise. */
export const DEFAULT_START_MS = Date.UTC(2000, 0, 1);

/** A sample event, read strictly, with its time in epoch ms. */
export interface SampleEvent {
  readonly event: Event;
  readonly at: number;
}

/**
 * Sample events in batches, in file order. Without `timestamp` an event happens one second after the one before, without
 * `event_id` it is called `line-N` (N over all files, from 1). A bad event throws `events-invalid` with its place.
 */
export async function* readSamples(
  files: readonly string[],
  io: RunIo,
): AsyncGenerator<readonly SampleEvent[]> {
  let ordinal = 0;
  let previousAt = DEFAULT_START_MS - 1_000;
  const progress = io.onProgress?.bind(io);
  const batches = readEventFiles(files, {
    stdin: io.stdin,
    ...(progress === undefined
      ? {}
      : {
          onProgress: (bytes: number, totalBytes: number | null) =>
            progress({ bytes, totalBytes, events: ordinal }),
        }),
  });
  for await (const batch of batches) {
    const samples: SampleEvent[] = [];
    for (const raw of batch) {
      ordinal++;
      const name = `line-${ordinal}`;
      const read = readEvent(raw.raw, { mode: 'strict', receivedAt: previousAt + 1_000, newId: () => name });
      if (!('event' in read)) {
        const [first] = read.problems;
        const more = read.problems.length > 1 ? ` (and ${read.problems.length - 1} more in this event)` : '';
        throw new Fault(
          'events-invalid',
          `${raw.file}:${raw.line}: ${first?.path ?? 'event'}: ${first?.message ?? 'no event'}${more}`,
          {
            ...(first?.hint ? { hint: first.hint } : {}),
          },
        );
      }
      previousAt = read.at;
      samples.push({ event: read.event, at: read.at });
    }
    yield samples;
  }
}
