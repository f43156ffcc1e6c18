import { Fault } from '../../kernel/fault.js';
import type { WireProblem } from '../../model/wire.js';

/** The daemon answered, and would not. */
export class Refused extends Fault {
  readonly status: number;
  /** The daemon's stable word; null when the answer was not the daemon's. */
  readonly refusal: string | null;
  readonly problems: readonly WireProblem[];
  /** As the daemon asked; null when it did not. */
  readonly retryAfterMs: number | null;

  constructor(
    message: string,
    about: {
      readonly status: number;
      readonly refusal: string | null;
      readonly hint: string | null;
      readonly problems?: readonly WireProblem[];
      readonly retryAfterMs?: number | null;
    },
  ) {
    super('refused', message, about.hint === null ? {} : { hint: about.hint });
    this.status = about.status;
    this.refusal = about.refusal;
    this.problems = about.problems ?? [];
    this.retryAfterMs = about.retryAfterMs ?? null;
  }
}
