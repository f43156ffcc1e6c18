import type { Json, JsonObject } from '../../../src/kernel/json.js';
import { BLANK_EVENT } from '../../../src/model/event.js';
import type { LaunchStatus } from '../../../src/model/outcome.js';
import type { LaunchRecord, StoredDecision, StoredEvent } from '../../../src/model/record.js';
import type { Workflow } from '../../../src/model/trigger.js';
import type { Commit, Store } from '../../../src/ports/store.js';

/** A log that says nothing. */
export const quiet = { debug() {}, info() {}, warn() {}, error() {} };

export const workflow: Workflow = {
  workflow_name: 'notify',
  description: '',
  executor: 'log',
  with: { message: 'hello' },
  timeoutMs: 30_000,
  retry: null,
  concurrency: null,
  origin: { file: 'rules.yaml', document: 0, pointer: '/workflows/0' },
};

/** An event at a journal position; received at 1 000 times its position unless told. */
export function storedEvent(
  position: number,
  fields: {
    readonly id?: string;
    readonly type?: string;
    readonly receivedAt?: number;
    readonly payload?: JsonObject;
  } = {},
): StoredEvent {
  return {
    position,
    received_at: fields.receivedAt ?? position * 1_000,
    event: {
      ...BLANK_EVENT,
      event_id: fields.id ?? `event-${position}`,
      event_type: fields.type ?? 'custom.event',
      source: 'test',
      timestamp: '2026-01-01T00:00:00Z',
      payload: fields.payload ?? { n: position },
      metadata: {},
    },
  };
}

/** A launch decided at a position; `cause` is what its input carries as its event. */
export function launchRecord(
  id: string,
  position: number,
  fields: Partial<LaunchRecord> & { readonly cause?: StoredEvent } = {},
): LaunchRecord {
  const { cause, ...rest } = fields;
  return {
    launch_id: id,
    trigger_id: 'trigger',
    workflow_name: 'notify',
    mode: 'launch',
    at: position * 1_000,
    event_id: cause?.event.event_id ?? null,
    events: cause === undefined ? [] : [cause.event.event_id],
    group: {},
    input: {
      ...(cause === undefined ? {} : { trigger_event: cause.event as unknown as Json }),
      trigger_id: 'trigger',
      text: `for ${id}`,
    },
    item_index: null,
    warnings: [],
    position,
    ruleset_hash: 'abc',
    status: 'pending',
    workflow,
    hops: 1,
    chain: ['trigger'],
    correlation_id: null,
    session_id: null,
    user_id: null,
    retryable: true,
    max_retries: 3,
    attempts: [],
    redriven_after: 0,
    next_at: null,
    ended_at: null,
    output: null,
    ...rest,
  };
}

/** The same launch with another status. */
export function moved(launch: LaunchRecord, status: LaunchStatus, fields: Partial<LaunchRecord> = {}) {
  return { ...launch, status, ...fields };
}

export function storedDecision(position: number, fields: Partial<StoredDecision> = {}): StoredDecision {
  return {
    position,
    event_id: `event-${position}`,
    at: position * 1_000,
    ruleset_hash: 'abc',
    launches: [],
    suppressed: [],
    ...fields,
  };
}

/** A commit of these parts; its position is that of its last event, or `position`. */
export function commitOf(parts: Partial<Commit>): Commit {
  const position = parts.events?.at(-1)?.position ?? parts.position ?? 0;
  return {
    position,
    now: position * 1_000,
    events: [],
    decisions: [],
    state: [],
    launches: [],
    updates: [],
    ...parts,
  };
}

/** All pages of a reading, one after another. */
export function readAll<T>(
  read: (cursor: string | null) => { readonly items: readonly T[]; readonly next: string | null },
): T[] {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const page = read(cursor);
    items.push(...page.items);
    cursor = page.next;
  } while (cursor !== null);
  return items;
}

/** Forgets until there is nothing left to forget. */
export async function pruneAll(store: Store, retention: Parameters<Store['prune']>[0]) {
  const total = { events: 0, launches: 0 };
  for (;;) {
    const step = await store.prune(retention);
    total.events += step.events;
    total.launches += step.launches;
    if (step.done) return total;
  }
}

/** The batch that follows a journal position: always the same, of 1 to 7 events, each with a launch. */
export function batchAfter(position: number): Commit {
  const size = 1 + (position % 7);
  const events = Array.from({ length: size }, (_, index) => storedEvent(position + index + 1));
  return commitOf({
    events,
    launches: events.map((cause) => launchRecord(`l${cause.position}`, cause.position, { cause })),
    updates:
      position === 0
        ? []
        : [
            moved(launchRecord(`l${position}`, position), 'succeeded', {
              ended_at: position,
              output: position,
            }),
          ],
    decisions: events.map((event) => storedDecision(event.position, { launches: [`l${event.position}`] })),
    state: [
      { key: 'position', value: String(position + size) },
      { key: `batch/${position}`, value: 'x'.repeat(200) },
    ],
  });
}

/** What is not as whole batches would have left it; nothing when all is well. */
export function tornParts(store: Store, position: number): string[] {
  const problems: string[] = [];
  const expectSame = (what: string, found: unknown, wanted: unknown): void => {
    if (JSON.stringify(found) !== JSON.stringify(wanted)) {
      problems.push(`${what}: ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`);
    }
  };
  const state = new Map([...store.state()].map(({ key, value }) => [key, value]));
  let begin = 0;
  let batches = 0;
  while (begin < position) {
    if (!state.has(`batch/${begin}`)) problems.push(`no batch behind ${begin}`);
    begin = batchAfter(begin).position;
    batches++;
  }
  expectSame('end of the last batch', begin, position);
  expectSame('rows of state', state.size, position === 0 ? 0 : batches + 1);
  expectSame('position in state', state.get('position'), position === 0 ? undefined : String(position));
  const all = { cursor: null, limit: 1_000, order: 'oldest', sinceMs: null, untilMs: null } as const;
  const events = readAll((cursor) => store.events({ ...all, cursor, types: [], afterPosition: null }));
  const launches = readAll((cursor) =>
    store.launches({ ...all, cursor, trigger_id: null, workflow_name: null, statuses: [] }),
  );
  const decisions = readAll((cursor) =>
    store.decisions({ ...all, cursor, event_id: null, trigger_id: 'trigger' }),
  );
  const positions = Array.from({ length: position }, (_, index) => index + 1);
  expectSame(
    'events',
    events.map((stored) => stored.position),
    positions,
  );
  expectSame(
    'launches',
    launches.map(({ launch_id }) => launch_id),
    positions.map((n) => `l${n}`),
  );
  expectSame(
    'decisions',
    decisions.map((decision) => decision.position),
    positions,
  );
  expectSame(
    'ids',
    store.known(
      positions.map((n) => `event-${n}`),
      0,
    ).size,
    position,
  );
  expectSame(
    'finished',
    launches.filter(({ status }) => status === 'succeeded').length,
    Math.max(0, batches - 1),
  );
  expectSame('unfinished', [...store.unfinished()].length, position - Math.max(0, batches - 1));
  return problems;
}
