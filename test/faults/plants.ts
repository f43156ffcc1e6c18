import { watchFolder } from '../../src/load/watch-folder.js';
import type { LiveDaemon } from '../../src/engine/live/live-daemon.js';
import type { Clock } from '../../src/ports/clock.js';
import { succeeded, type Execute, type ExecutorKind } from '../../src/ports/executor-kind.js';
import type { Intake } from '../../src/ports/source.js';
import type { Commit, Store } from '../../src/ports/store.js';
import { sleep } from './support/wait.js';

/**
 * Bugs as daemons really have them, to see that they are caught:
 * `early-acknowledgement` – an event is answered before it is durable;
 * `separate-outbox` – launches are written in a transaction of their own, after the one of their events;
 * `early-done` – a launch is recorded as done before it is;
 * `forget-state` – a reload begins with nothing remembered;
 * `stale-hash` – a launch names the rules from before the reload;
 * `early-source` – a source hears that its event is durable before it is;
 * `nameless-source` – what a source gives again is another event each time.
 */
export const PLANTS = [
  'early-acknowledgement',
  'separate-outbox',
  'early-done',
  'forget-state',
  'stale-hash',
  'early-source',
  'nameless-source',
] as const;
export type Plant = (typeof PLANTS)[number];

const COMMIT_LATE_MS = 150;
const OUTBOX_LATE_MS = 150;
const EFFECT_LATE_MS = 150;

export function plantInStore(store: Store, plant: Plant | null): Store {
  if (plant === 'early-acknowledgement') return acknowledgingEarly(store);
  if (plant === 'separate-outbox') return withSeparateOutbox(store);
  if (plant === 'stale-hash') return withStaleHash(store);
  return store;
}

function acknowledgingEarly(store: Store): Store {
  let last: Promise<void> = Promise.resolve();
  return {
    ...store,
    async commit(commit) {
      const before = last;
      const due = sleep(COMMIT_LATE_MS);
      last = (async () => {
        await before;
        await due;
        await store.commit(commit);
      })();
    },
    async close() {
      await last;
      await store.close();
    },
  };
}

function withSeparateOutbox(store: Store): Store {
  return {
    ...store,
    async commit(commit) {
      if (commit.launches.length === 0) return store.commit(commit);
      await store.commit({ ...commit, launches: [] });
      await sleep(OUTBOX_LATE_MS);
      const launches: Commit = { ...commit, events: [], decisions: [], state: [], updates: [] };
      await store.commit(launches);
    },
  };
}

function withStaleHash(store: Store): Store {
  let newest = '';
  return {
    ...store,
    commit(commit) {
      const before = newest;
      newest = commit.launches.at(-1)?.ruleset_hash ?? newest;
      if (before === '' || before === newest) return store.commit(commit);
      return store.commit({
        ...commit,
        launches: commit.launches.map((launch) => ({ ...launch, ruleset_hash: before })),
      });
    },
  };
}

export function plantInExecutors(
  kinds: readonly ExecutorKind[],
  plant: Plant | null,
): readonly ExecutorKind[] {
  if (plant !== 'early-done') return kinds;
  return kinds.map((kind) => {
    const { load } = kind;
    return kind.name !== 'http' || load === null
      ? kind
      : { ...kind, load: async () => doneEarly(await load()) };
  });
}

function doneEarly(execute: Execute): Execute {
  return async (attempting, host) => {
    void sleep(EFFECT_LATE_MS).then(() => execute(attempting, host, new AbortController().signal));
    return succeeded();
  };
}

export function plantInIntake(intake: Intake, plant: Plant | null): Intake {
  if (plant === 'nameless-source') return { json: (text) => intake.json(text) };
  if (plant !== 'early-source') return intake;
  return {
    async json(text, beside) {
      void sleep(COMMIT_LATE_MS).then(() => intake.json(text, beside));
    },
  };
}

/** Watches the folder in the daemon's place. */
export async function forgetStateAtReload(
  daemon: LiveDaemon,
  root: string,
  settleMs: number,
  clock: Clock,
): Promise<void> {
  await watchFolder(root, settleMs, clock, () => {
    const all = daemon.triggers().map(({ trigger_id }) => daemon.reset(trigger_id, null));
    void Promise.all(all).then(() => daemon.reload());
  });
}
