import type { Decided } from '../decide/decided.js';
import { createDecider, type Decider } from '../decide/decider.js';
import { createRecentIds } from '../decide/recent-ids.js';
import type { DeciderSnapshot } from '../decide/snapshot.js';
import { createLauncher, type Launcher } from '../launch/launch.js';
import type { Firing, Launch, Suppression } from '../model/decision.js';
import type { Event } from '../model/event.js';
import type { Templates } from '../ports/templates.js';
import { createEmitter, type Emitter } from './emitter.js';
import { noticeEvent } from './notice-event.js';
import type { CompiledFolder } from './rule-folder.js';

/** What a run hands out as it decides. */
export interface RunSink {
  launch(launch: Launch, firing: Firing): void;
  suppression(suppression: Suppression): void;
  /** Every event that is decided, those published by `emit` workflows included. */
  event?(event: Event): void;
}

/** What became of one event. */
export interface EventResult {
  /** False when its id was seen before: the event was dropped. */
  readonly fresh: boolean;
  /** Whether any trigger took it in. */
  readonly accepted: boolean;
}

/**
 * A rule folder under a virtual clock: each event moves the clock to its arrival and every timer due on the way fires
 * first, in order. Launches nothing; what an `emit` workflow would publish is followed at once.
 */
export interface VirtualRun {
  readonly decider: Decider;
  /** Starts the clock; the first event does it otherwise. */
  start(nowMs: number): void;
  event(event: Event, at: number, arrivedAt?: number): EventResult;
  /** Runs the clock on, timers included. */
  runUntil(nowMs: number): void;
}

export interface VirtualRunOptions {
  readonly folder: CompiledFolder;
  readonly templates: Templates;
  readonly sink: RunSink;
  readonly snapshot?: DeciderSnapshot;
}

export function createVirtualRun(options: VirtualRunOptions): VirtualRun {
  const { folder, sink } = options;
  const { ruleset } = folder;
  const decider = createDecider({
    ruleset,
    matcher: folder.matcher,
    reducers: folder.reducers,
    ...(options.snapshot === undefined ? {} : { snapshot: options.snapshot }),
  });
  const launcher: Launcher = createLauncher(ruleset, options.templates);
  const emitter: Emitter = createEmitter(ruleset, options.templates);
  const seen = createRecentIds();
  let started = false;

  /** Launches what was decided, then decides what those launches publish: each step complete before the next. */
  const settle = (decided: Decided): boolean => {
    for (const suppression of decided.suppressions) sink.suppression(suppression);
    for (const firing of decided.firings) {
      for (const launch of launcher.launches(firing)) {
        sink.launch(launch, firing);
        const published = launch.mode === 'launch' ? emitter.published(launch, firing) : null;
        if (published !== null && seen.add(published.event_id, decider.now)) {
          sink.event?.(published);
          settle(decider.event(published, launch.at, decider.now));
        }
      }
    }
    for (const notice of decided.notices) {
      const event = noticeEvent(notice);
      if (!seen.add(event.event_id, decider.now)) continue;
      sink.event?.(event);
      settle(decider.event(event, notice.at, decider.now));
    }
    return decided.accepted;
  };

  const runTimers = (until: number): void => {
    for (let due = decider.nextDue(); due !== null && due <= until; due = decider.nextDue()) {
      settle(decider.runTimer(due));
    }
  };

  const run: VirtualRun = {
    decider,
    start(nowMs) {
      if (started) return;
      started = true;
      settle(decider.start(nowMs));
    },
    event(event, at, arrivedAt = at) {
      if (!started) run.start(arrivedAt);
      const now = Math.max(decider.now, arrivedAt);
      runTimers(now);
      if (!seen.add(event.event_id, now)) return { fresh: false, accepted: false };
      sink.event?.(event);
      return { fresh: true, accepted: settle(decider.event(event, at, now)) };
    },
    runUntil(nowMs) {
      if (!started) run.start(nowMs);
      runTimers(nowMs);
      decider.advance(nowMs);
    },
  };
  return run;
}
