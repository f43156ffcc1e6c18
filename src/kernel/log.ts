import type { Json } from './json.js';

/** What a log line carries beside its message. */
export type LogFields = Readonly<Record<string, Json | undefined>>;

/**
 * Where the daemon says what happens: one structured line each. The message is a constant sentence, so that it can be
 * searched for; values go in fields. Secrets are taken out by the implementation.
 */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}
