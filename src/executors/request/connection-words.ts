import { codeOf } from '../failure.js';

const WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused the connection',
  ECONNRESET: 'closed the connection before it answered',
  EPIPE: 'closed the connection before it answered',
  ETIMEDOUT: 'did not answer the connection',
  EHOSTUNREACH: 'cannot be reached',
  ENETUNREACH: 'cannot be reached',
  HPE_HEADER_OVERFLOW: 'answered with headers that are too large',
};

/** Why there was no answer. Made of the error's code: its message may hold the request. */
export function connectionWords(named: string, cause: unknown): string {
  const code = codeOf(cause);
  const words = WORDS[code];
  if (words !== undefined) return `${named} ${words}`;
  if (code.startsWith('HPE_')) return `${named} answered with what is no HTTP (${code})`;
  if (/CERT|SELF_SIGNED|UNABLE_TO_|ALTNAME/.test(code))
    return `${named} has a certificate that was not accepted (${code})`;
  if (code === 'no code') return `${named} closed the connection without an answer`;
  return `${named} could not be asked (${code})`;
}
