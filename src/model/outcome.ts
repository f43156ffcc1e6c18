import type { Json } from '../kernel/json.js';

/**
 * What came of one attempt to carry out a launch. Expected failures are outcomes, never exceptions: `reason` is one
 * sentence for people, without secrets.
 */
export type Outcome =
  | { readonly ok: true; readonly output: Json }
  | {
      readonly ok: false;
      readonly reason: string;
      /** `never` = trying again cannot help (a refused target, a missing file); the launch is dead at once. */
      readonly retry: 'yes' | 'never';
      /** Not before so many milliseconds, as the other side asked; null = as the workflow's own retries say. */
      readonly retryAfterMs: number | null;
      readonly output: Json;
    };

/**
 * `observed`: decided by a trigger with `mode: observe`, never carried out. Otherwise pending → running → succeeded |
 * retrying → … | dead, or skipped (`when_full: skip`).
 */
export const LAUNCH_STATUSES = [
  'observed',
  'pending',
  'running',
  'retrying',
  'succeeded',
  'dead',
  'skipped',
] as const;
export type LaunchStatus = (typeof LAUNCH_STATUSES)[number];

/** One attempt, finished or (with `ended_at: null`) under way, or cut off by the end of the process. Times in epoch ms. */
export interface Attempt {
  /** From 1; goes on counting after a redrive. */
  readonly number: number;
  readonly started_at: number;
  readonly ended_at: number | null;
  /** Why it failed; null when it did not. */
  readonly reason: string | null;
}
