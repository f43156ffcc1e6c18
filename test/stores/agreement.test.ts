import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LAUNCH_STATUSES } from '../../src/model/outcome.js';
import type { LaunchRecord, StoredDecision, StoredEvent } from '../../src/model/record.js';
import type { Commit, DecisionQuery, EventQuery, LaunchQuery, Store } from '../../src/ports/store.js';
import { createMemoryStore } from '../../src/stores/memory.js';
import { createSqliteStore } from '../../src/stores/sqlite.js';
import { createFolders } from './support/folders.js';
import {
  commitOf,
  launchRecord,
  pruneAll,
  quiet,
  readAll,
  storedDecision,
  storedEvent,
} from './support/records.js';

const newFolder = createFolders();

const type = fc.constantFrom('a', 'a.b', 'a.b.c', 'b.c', 'ab');
const status = fc.constantFrom(...LAUNCH_STATUSES);
const triggers = fc.constantFrom('t1', 't2', 't3');
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('commit' as const),
      events: fc.array(fc.record({ type, id: fc.nat(30), back: fc.nat(3) }), { maxLength: 4 }),
      launches: fc.array(fc.record({ id: fc.nat(20), status, back: fc.nat(5), caused: fc.boolean() }), {
        maxLength: 4,
      }),
      updates: fc.array(fc.record({ id: fc.nat(20), status }), { maxLength: 3 }),
      held: fc.array(triggers, { maxLength: 2 }),
      state: fc.array(fc.tuple(fc.constantFrom('x', 'x/1', 'x/2', 'y'), fc.option(fc.string())), {
        maxLength: 3,
      }),
      fails: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('prune' as const), ago: fc.nat(8), idsAgo: fc.nat(20) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reopen' as const) }) },
);
const page = {
  limit: fc.integer({ min: 1, max: 7 }),
  order: fc.constantFrom('newest' as const, 'oldest' as const),
  since: fc.option(fc.nat(30)),
  until: fc.option(fc.nat(30)),
};
const query = fc.record({
  ...page,
  types: fc.array(fc.oneof(type, fc.constantFrom('*', 'a.*', 'b.*', 'a.b.*')), { maxLength: 2 }),
  after: fc.option(fc.nat(20)),
  trigger: fc.option(triggers),
  workflow: fc.option(fc.constantFrom('w1', 'w2')),
  statuses: fc.array(status, { maxLength: 3 }),
  event: fc.option(fc.nat(30)),
});
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;
type Query = typeof query extends fc.Arbitrary<infer T> ? T : never;

/** What both stores are given in one step; ids decide over trigger and workflow, as they do in the engine. */
function commitFor(wanted: Extract<Step, { kind: 'commit' }>, position: number, now: number): Commit {
  const events: StoredEvent[] = wanted.events.map((event, index) =>
    storedEvent(position + index + 1, {
      id: `e${event.id}`,
      type: event.type,
      // Mostly forwards, now and then back.
      receivedAt: (now - (event.back === 3 ? 2 : 0)) * 1_000,
    }),
  );
  const last = position + events.length;
  const launchOf = (id: number, fields: Partial<LaunchRecord>, cause?: StoredEvent): LaunchRecord =>
    launchRecord(`l${id}`, cause?.position ?? last, {
      trigger_id: `t${(id % 3) + 1}`,
      workflow_name: `w${(id % 2) + 1}`,
      ...(cause === undefined ? {} : { cause }),
      ...fields,
    });
  const launches = wanted.launches.map(({ id, status: of, back, caused }) =>
    launchOf(id, { status: of, at: (now - back) * 1_000 }, caused ? events[id % events.length] : undefined),
  );
  const decision: StoredDecision = storedDecision(last, {
    event_id: events.at(-1)?.event.event_id ?? null,
    at: now * 1_000,
    launches: launches.map(({ launch_id }) => launch_id),
    suppressed: wanted.held.map((trigger_id) => ({
      trigger_id,
      event_id: null,
      at: now,
      gate: 'loop' as const,
      until: null,
      group: {},
    })),
  });
  return commitOf({
    position: last,
    now,
    events,
    launches,
    decisions: [decision],
    updates: wanted.updates.map(({ id, status: of }) =>
      launchOf(id, { status: of, ended_at: now * 1_000, at: now * 1_000, output: { now } }),
    ),
    state: wanted.state.map(([key, value]) => ({ key, value })),
  });
}

function readings(store: Store, { limit, order, since, until, ...of }: Query): unknown {
  const times = {
    limit,
    order,
    sinceMs: since === null ? null : since * 1_000,
    untilMs: until === null ? null : until * 1_000,
  };
  const events: Omit<EventQuery, 'cursor'> = { ...times, types: of.types, afterPosition: of.after };
  const launches: Omit<LaunchQuery, 'cursor'> = {
    ...times,
    trigger_id: of.trigger,
    workflow_name: of.workflow,
    statuses: of.statuses,
  };
  const decisions: Omit<DecisionQuery, 'cursor'> = {
    ...times,
    trigger_id: of.trigger,
    event_id: of.event === null ? null : `e${of.event}`,
  };
  return {
    events: readAll((cursor) => store.events({ ...events, cursor })),
    launches: readAll((cursor) => store.launches({ ...launches, cursor })),
    decisions: readAll((cursor) => store.decisions({ ...decisions, cursor })),
    known: [
      ...store.known(
        Array.from({ length: 31 }, (_, id) => `e${id}`),
        (since ?? 0) * 1_000,
      ),
    ],
    event: store.event(`e${of.event ?? 1}`),
    launch: store.launch(`l${of.event ?? 1}`),
    unfinished: [...store.unfinished()],
    state: [...store.state()],
    below: [...store.state('x/')],
    counts: store.counts(),
  };
}

test('the stores agree, whatever is committed, updated, forgotten and asked', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 12 }),
      fc.array(query, { minLength: 1, maxLength: 4 }),
      async (steps, queries) => {
        const stores = [
          createMemoryStore(),
          createSqliteStore({ directory: newFolder(), log: quiet, ballastBytes: 0 }),
        ] as const;
        for (const store of stores) await store.open();
        let position = 0;
        let now = 0;
        for (const wanted of steps) {
          now++;
          const results = [];
          if (wanted.kind === 'commit') {
            const commit = commitFor(wanted, position, now);
            const given = wanted.fails ? { ...commit, state: [...commit.state, null as never] } : commit;
            for (const store of stores)
              results.push(
                await store.commit(given).then(
                  () => true,
                  () => false,
                ),
              );
            expect(results).toEqual([!wanted.fails, !wanted.fails]);
            if (!wanted.fails) position = commit.position;
          } else if (wanted.kind === 'prune') {
            const retention = {
              beforeMs: (now - wanted.ago) * 1_000,
              // Ids never go before what they stand for has.
              idsBeforeMs: (now - wanted.ago - wanted.idsAgo) * 1_000,
              maxBytes: null,
            };
            for (const store of stores) results.push(await pruneAll(store, retention));
            expect(results[1]).toEqual(results[0]);
          } else {
            for (const store of stores) {
              await store.close();
              results.push(await store.open());
            }
            expect(results[1]).toEqual(results[0]);
          }
        }
        for (const asked of queries) expect(readings(stores[1], asked)).toEqual(readings(stores[0], asked));
        for (const store of stores) await store.close();
      },
    ),
    { numRuns: 40 },
  );
});
