import { pino } from 'pino';
import type { Log, LogFields } from '../kernel/log.js';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/**
 * A log of one JSON line each. Every line goes through `redact` as a whole, so that a secret is taken out wherever it
 * stands.
 */
export function createLog(
  level: LogLevel,
  redact: (text: string) => string,
  write: (line: string) => void,
): Log {
  const logger = pino(
    {
      level,
      base: null,
      messageKey: 'message',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line: string) => write(redact(line)) },
  );
  const at =
    (name: LogLevel) =>
    (message: string, fields?: LogFields): void =>
      logger[name](fields ?? {}, message);
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
