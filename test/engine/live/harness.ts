import type { BusFigures } from '../../../src/engine/handlers/connect-bus.js';
import { createLiveEngine, type LiveEngine } from '../../../src/engine/live/live-engine.js';
import type { CompiledFolder } from '../../../src/engine/rule-folder.js';
import { Fault } from '../../../src/kernel/fault.js';
import type { Log } from '../../../src/kernel/log.js';
import { formatTime } from '../../../src/kernel/time.js';
import type { Event } from '../../../src/model/event.js';
import type { LaunchRecord } from '../../../src/model/record.js';
import type { Meter } from '../../../src/ports/meter.js';
import type { Commit, Store } from '../../../src/ports/store.js';
import { createMemoryStore } from '../../../src/stores/memory.js';
import { createManualClock, type ManualClock } from '../../support/manual-clock.js';
import { event, plugins, rules } from '../../support/rules.js';

export const START = Date.UTC(2026, 2, 1);

export const noMeter: Meter = {
  counter: () => ({ add: () => undefined }),
  gauge: () => ({ set: () => undefined }),
  histogram: () => ({ observe: () => undefined }),
  watch: () => undefined,
};
export const noLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** What a bus has to show on which nothing happened. */
export const noFigures = (): BusFigures => ({
  workflows: { started: 0, completed: 0, failed: 0, paused: 0, resumed: 0, cancelled: 0 },
  executions: { total: 0, successful: 0, failed: 0 },
  handlers: {},
});

/** A live engine on a store in memory, under a clock moved by hand. */
export interface Live {
  readonly engine: LiveEngine;
  readonly clock: ManualClock;
  readonly store: Store;
  readonly commits: readonly Commit[];
  readonly faults: readonly Fault[];
  /** Launches left to go on with at the start. */
  readonly unfinished: readonly LaunchRecord[];
  /** Moves the clock, and lets the engine do what is due. */
  pass(ms: number): Promise<void>;
  /** Hands in one event of now; its launches' trigger ids. */
  send(
    fields: Partial<Event> & Pick<Event, 'event_id' | 'event_type'>,
    agoMs?: number,
  ): Promise<readonly string[]>;
  /** Trigger id and seconds since START of every launch committed so far. */
  launched(): readonly (readonly [string, number])[];
}

export interface LiveSetup {
  readonly rules: string | CompiledFolder;
  readonly store?: Store;
  readonly clock?: ManualClock;
  readonly queueLimit?: number;
  readonly inlineMaxChars?: number;
}

export async function startLive(setup: LiveSetup): Promise<Live> {
  const clock = setup.clock ?? createManualClock(START);
  const store = setup.store ?? createMemoryStore();
  const commits: Commit[] = [];
  const faults: Fault[] = [];
  const engine = createLiveEngine({
    store,
    clock,
    log: noLog,
    meter: noMeter,
    templates: plugins.templates,
    maxHops: 8,
    queueLimit: setup.queueLimit ?? 1_000,
    restartGraceMs: 60_000,
    ...(setup.inlineMaxChars === undefined ? {} : { inlineMaxChars: setup.inlineMaxChars }),
    committed: (commit) => void commits.push(commit),
    fatal: (fault) => void faults.push(fault),
  });
  const unfinished = await engine.open(typeof setup.rules === 'string' ? rules(setup.rules) : setup.rules);
  return {
    engine,
    clock,
    store,
    commits,
    faults,
    unfinished,
    async pass(ms) {
      await clock.advance(ms);
      await engine.control(() => undefined);
    },
    async send(fields, agoMs = 0) {
      const at = clock.now() - agoMs;
      const one = event({ timestamp: formatTime(at), ...fields });
      const [receipt] = await engine.submit([{ event: one, at }]);
      return (receipt?.launches ?? []).map(({ trigger_id }) => trigger_id);
    },
    launched: () =>
      commits.flatMap(({ launches }) =>
        launches.map(({ trigger_id, at }) => [trigger_id, (at - START) / 1_000] as const),
      ),
  };
}
