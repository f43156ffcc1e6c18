import { Fault } from '../../kernel/fault.js';
import { readEvent } from '../../load/event.js';
import { EVENT_MAX_BYTES } from '../../model/event.js';
import type { Incoming } from '../../ports/source.js';

export interface ReadPublishedOptions {
  /** Epoch ms; the event's time when it does not say its own. */
  readonly receivedAt: number;
  readonly newId: () => string;
}

/**
 * An event as a program publishes it: what JSON would carry of it, read strictly. It shares nothing with what was given, and
 * is frozen: many handlers get it, and the journal keeps it. Throws a Fault `event-invalid` that names everything that is wrong with it.
 */
export function readPublished(raw: unknown, options: ReadPublishedOptions): Incoming {
  let text: string | undefined;
  try {
    text = JSON.stringify(raw) as string | undefined;
  } catch (cause) {
    throw new Fault('event-invalid', 'the event is no plain data that JSON can carry', { cause });
  }
  if (text !== undefined && Buffer.byteLength(text) > EVENT_MAX_BYTES)
    throw new Fault('event-invalid', 'the event is larger than 1 MiB');
  const copy: unknown = text === undefined ? undefined : JSON.parse(text);
  const read = readEvent(copy, { mode: 'strict', ...options });
  if ('event' in read) return { event: frozen(read.event), at: read.at };
  const { problems } = read;
  const hint = problems.find((problem) => problem.hint !== null)?.hint ?? null;
  throw new Fault(
    'event-invalid',
    problems.map(({ message }) => message).join('; '),
    hint === null ? {} : { hint },
  );
}

/** Nests no deeper than an event may, so recursion is bounded. */
function frozen<T extends object>(value: T): T {
  for (const member of Object.values(value))
    if (typeof member === 'object' && member !== null) frozen(member);
  return Object.freeze(value);
}
