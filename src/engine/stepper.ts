import type { Decided } from '../decide/decided.js';
import type { Decider } from '../decide/decider.js';
import { Fault } from '../kernel/fault.js';
import type { Launcher } from '../launch/launch.js';
import type { Firing, Launch, Suppression } from '../model/decision.js';
import type { Event } from '../model/event.js';
import type { Emitter } from './emitter.js';
import { noticeEvent } from './notice-event.js';

/** Hears what is decided. `event` or `timer` opens a decision; the launches and suppressions up to the next one are its. */
export interface StepSink {
  /** Every event that is decided, those published by `emit` workflows and notices included. */
  event?(event: Event): void;
  timer?(): void;
  launch(launch: Launch, firing: Firing): void;
  suppression(suppression: Suppression): void;
  /** The launches of a firing that could not be made (a template's output is too large); thrown on when nobody listens. */
  failed?(firing: Firing, fault: Fault): void;
}

/** Which event ids were seen within the dedupe horizon. */
export interface SeenIds {
  /** True when the id is new; remembers it. */
  add(eventId: string, nowMs: number): boolean;
}

export interface StepperParts {
  readonly decider: Decider;
  readonly launcher: Launcher;
  readonly emitter: Emitter;
  readonly seen: SeenIds;
  readonly sink: StepSink;
}

/** What became of one event. */
export interface EventResult {
  /** False when its id was seen before: the event was dropped. */
  readonly fresh: boolean;
  /** Whether any trigger took it in. */
  readonly accepted: boolean;
}

/**
 * Takes the decider from input to input: each event, each timer, and at once whatever those make others decide (what `emit`
 * workflows publish, notices). The same for a dry-run and for the daemon, so that they decide alike.
 */
export interface Stepper {
  start(nowMs: number): void;
  /** After downtime: see `Decider.resume`. */
  resume(graceUntilMs: number): void;
  event(event: Event, at: number, arrivedAt: number): EventResult;
  /** Runs timers due until a time, in order, at most `limit`; each at its own time, or at `nowMs` when that is given. */
  timers(untilMs: number, options?: { readonly limit?: number; readonly nowMs?: number }): void;
}

export function createStepper({ decider, launcher, emitter, seen, sink }: StepperParts): Stepper {
  /** Hands out what was decided, then decides what follows from it: each step complete before the next. */
  const settle = (decided: Decided): boolean => {
    for (const suppression of decided.suppressions) sink.suppression(suppression);
    const published: { readonly event: Event; readonly at: number }[] = [];
    for (const firing of decided.firings) {
      for (const launch of launchesOf(firing)) {
        sink.launch(launch, firing);
        const event = launch.mode === 'launch' ? emitter.published(launch, firing) : null;
        if (event !== null) published.push({ event, at: launch.at });
      }
    }
    for (const { event, at } of published) follow(event, at);
    for (const notice of decided.notices) follow(noticeEvent(notice), notice.at);
    return decided.accepted;
  };

  const launchesOf = (firing: Firing): readonly Launch[] => {
    try {
      return launcher.launches(firing);
    } catch (error) {
      if (!(error instanceof Fault) || sink.failed === undefined) throw error;
      sink.failed(firing, error);
      return [];
    }
  };

  const follow = (event: Event, at: number): void => {
    if (!seen.add(event.event_id, decider.now)) return;
    sink.event?.(event);
    settle(decider.event(event, at, decider.now));
  };

  return {
    start(nowMs) {
      sink.timer?.();
      settle(decider.start(nowMs));
    },
    resume(graceUntilMs) {
      sink.timer?.();
      settle(decider.resume(graceUntilMs));
    },
    event(event, at, arrivedAt) {
      const now = Math.max(decider.now, arrivedAt);
      if (!seen.add(event.event_id, now)) return { fresh: false, accepted: false };
      sink.event?.(event);
      return { fresh: true, accepted: settle(decider.event(event, at, now)) };
    },
    timers(untilMs, { limit = Number.POSITIVE_INFINITY, nowMs } = {}) {
      let left = limit;
      for (let due = decider.nextDue(); due !== null && due <= untilMs && left > 0; due = decider.nextDue()) {
        sink.timer?.();
        settle(decider.runTimer(nowMs ?? due));
        left--;
      }
    },
  };
}
