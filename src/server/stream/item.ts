import type { Daemon, Happening } from '../../engine/daemon.js';
import type { Event } from '../../model/event.js';
import type { LaunchRecord, StoredDecision, StoredEvent } from '../../model/record.js';
import { wireDecision, wireLaunch, wireStoredEvent } from '../to-wire.js';
import type { Cursor } from './cursor.js';
import type { StreamKind } from './stream-kinds.js';

/** One thing to tell, ready to be written to many. */
export interface StreamItem {
  readonly kind: StreamKind;
  /** Where a reading stands that has had it; null for a launch, which has many states at one place. */
  readonly cursor: Cursor | null;
  readonly launchId: string | null;
  /** Of the launch itself; null for the others. */
  readonly sessionId: string | null;
  /** The event it is, or was decided on; null for what the clock set off, and for an event that is no longer kept. */
  event(): Event | null;
  /** The message behind its subscription_id: made once, whoever it is for. */
  rest(): Buffer;
}

/** Finds an event by its id. */
export type EventLookup = (eventId: string) => Event | null;

export function eventItem(stored: StoredEvent): StreamItem {
  return {
    kind: 'event',
    cursor: { position: stored.position, decisions: 0 },
    launchId: null,
    sessionId: null,
    event: () => stored.event,
    rest: once(() => {
      const { event, position, received_at } = wireStoredEvent(stored);
      return { event, position, received_at };
    }),
  };
}

/** `number`: which of the decisions at its position it is, from 1. */
export function decisionItem(decision: StoredDecision, number: number, lookUp: EventLookup): StreamItem {
  const { position, event_id } = decision;
  return {
    kind: 'decision',
    cursor: { position, decisions: number },
    launchId: null,
    sessionId: null,
    event: () => (event_id === null ? null : lookUp(event_id)),
    rest: once(() => ({ decision: wireDecision(decision), position, number })),
  };
}

export function launchItem(launch: LaunchRecord, lookUp: EventLookup): StreamItem {
  const { event_id, position } = launch;
  return {
    kind: 'launch',
    cursor: null,
    launchId: launch.launch_id,
    sessionId: launch.session_id,
    event: () => (event_id === null ? null : lookUp(event_id)),
    rest: once(() => ({ launch: wireLaunch(launch), position })),
  };
}

function once(body: () => object): () => Buffer {
  let made: Buffer | undefined;
  return () => (made ??= Buffer.from(`,${JSON.stringify(body()).slice(1)}`));
}

/** What comes before `rest` for one subscription. */
export function itemHead(kind: StreamKind, subscriptionId: string): Buffer {
  return Buffer.from(`{"type":"${kind}","subscription_id":${JSON.stringify(subscriptionId)}`);
}

/**
 * What happened in one commit, in the order of the journal: each decision behind its event, launches and what became of
 * them at the end. `last` is where the journal stood before.
 */
export function itemsOf(
  happenings: readonly Happening[],
  last: Cursor,
  daemon: Pick<Daemon, 'event'>,
): readonly StreamItem[] {
  const events: StoredEvent[] = [];
  const decisions: StoredDecision[] = [];
  const launches: LaunchRecord[] = [];
  for (const happening of happenings) {
    if (happening.kind === 'event') events.push(happening.stored);
    else if (happening.kind === 'decision') decisions.push(happening.decision);
    else launches.push(happening.launch);
  }
  const lookUp = createLookup(events, daemon);
  const items: StreamItem[] = [];
  let { position, decisions: number } = last;
  const decide = (decision: StoredDecision): void => {
    number = decision.position === position ? number + 1 : 1;
    position = decision.position;
    items.push(decisionItem(decision, number, lookUp));
  };
  let next = 0;
  for (const stored of events) {
    for (; (decisions[next]?.position ?? Number.POSITIVE_INFINITY) < stored.position; next++) {
      decide(decisions[next] as StoredDecision);
    }
    position = stored.position;
    number = 0;
    items.push(eventItem(stored));
  }
  for (; next < decisions.length; next++) decide(decisions[next] as StoredDecision);
  for (const launch of launches) items.push(launchItem(launch, lookUp));
  return items;
}

/** Events at hand first, then those of the journal; each asked for once. */
export function createLookup(events: readonly StoredEvent[], daemon: Pick<Daemon, 'event'>): EventLookup {
  let known: Map<string, Event | null> | null = null;
  return (eventId) => {
    known ??= new Map(events.map(({ event }) => [event.event_id, event]));
    let event = known.get(eventId);
    if (event === undefined) {
      event = daemon.event(eventId)?.event ?? null;
      known.set(eventId, event);
    }
    return event;
  };
}
