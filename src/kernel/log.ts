import type { Json } from './json.js';

/** A log line is a constant sentence and the values that go with it; the writer decides the format. */
export type LogFields = Readonly<Record<string, Json | undefined>>;

export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}
