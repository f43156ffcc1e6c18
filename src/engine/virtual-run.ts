import { createDecider, type Decider } from '../decide/decider.js';
import { createRecentIds } from '../decide/recent-ids.js';
import type { DeciderSnapshot } from '../decide/state-rows.js';
import { createLauncher } from '../launch/launch.js';
import type { Event } from '../model/event.js';
import type { Templates } from '../ports/templates.js';
import { createEmitter } from './emitter.js';
import type { CompiledFolder } from './rule-folder.js';
import { createStepper, type EventResult, type StepSink } from './stepper.js';

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
  readonly sink: StepSink;
  readonly snapshot?: DeciderSnapshot;
}

export function createVirtualRun(options: VirtualRunOptions): VirtualRun {
  const { ruleset, matcher, reducers } = options.folder;
  const decider = createDecider({
    ruleset,
    matcher,
    reducers,
    ...(options.snapshot === undefined ? {} : { snapshot: options.snapshot }),
  });
  const stepper = createStepper({
    decider,
    launcher: createLauncher(ruleset, options.templates),
    emitter: createEmitter(ruleset, options.templates),
    seen: createRecentIds(),
    sink: options.sink,
  });
  let started = false;

  const run: VirtualRun = {
    decider,
    start(nowMs) {
      if (started) return;
      started = true;
      stepper.start(nowMs);
    },
    event(event, at, arrivedAt = at) {
      if (!started) run.start(arrivedAt);
      stepper.timers(Math.max(decider.now, arrivedAt));
      return stepper.event(event, at, arrivedAt);
    },
    runUntil(nowMs) {
      if (!started) run.start(nowMs);
      stepper.timers(nowMs);
      decider.advance(nowMs);
    },
  };
  return run;
}
