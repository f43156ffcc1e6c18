/** Time and waiting, as an argument: the daemon's is the machine's, a test's is moved by hand. */
export interface Clock {
  /** Epoch ms, from a wall clock; may go back when somebody sets it. */
  now(): number;
  /** Calls back once, not before `delayMs`; returns how to cancel. Any length: longer than a timer can be is waited in parts. */
  after(delayMs: number, callback: () => void): () => void;
}
