import type { LaunchRecord } from '../../model/record.js';

/** A launch in the dispatcher's hands. */
export interface Waiting {
  /** As it is durable. */
  record: LaunchRecord;
  /** Place in the order of deciding, over all workflows. */
  readonly order: number;
  /** What its concurrency is counted under; null without a limit. */
  readonly concurrencyKey: string | null;
  /**
   * `queued` for a slot; `later`: for the time of its next attempt; `running`; `settling`: its end is being recorded;
   * `gone`: no longer the dispatcher's.
   */
  place: 'queued' | 'later' | 'running' | 'settling' | 'gone';
  /** Ends the wait of `later`. */
  cancel: () => void;
  /** Itself, redriven while it was running or settling. */
  redriven: LaunchRecord | null;
}

/** No attempt was made since it was decided, or redriven. */
export function isFresh({ record }: Waiting): boolean {
  return record.attempts.length <= record.redriven_after;
}

export function limitOf({ record }: Waiting): number {
  return record.workflow.concurrency?.limit ?? Number.POSITIVE_INFINITY;
}
