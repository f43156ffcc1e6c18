/** How long the parts of reading a stream take, milliseconds. */
export interface NatsTimes {
  /** After so long without a word the server gives an unacknowledged message again. */
  readonly ackWaitMs: number;
  /** How long a server may take to answer. */
  readonly answerMs: number;
  /** Pause before it is tried again, at first and at most. */
  readonly retryMs: number;
  readonly retryMaxMs: number;
}

/**
 * The acknowledgement's time is short: after a crash, what was under way comes back only when it is over, and nothing is
 * read before. A daemon that is alive prolongs it.
 */
export const USUAL_TIMES: NatsTimes = { ackWaitMs: 3_000, answerMs: 5_000, retryMs: 250, retryMaxMs: 5_000 };
