/** A sample event as parsed, not yet read as an event, with the place it comes from. */
export interface RawEvent {
  readonly raw: unknown;
  /** As given by the user; `-` for standard input. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** Counts over all files, from 1. */
  readonly ordinal: number;
}

/** A value of a text read as a whole, with the line (from 1) it begins on. */
export interface PlacedValue {
  readonly raw: unknown;
  readonly line: number;
}
