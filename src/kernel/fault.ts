/**
 * What stops us, as opposed to what is wrong in a user's file (a Diagnostic) or what an executor reports (an Outcome).
 * The code decides the process's exit code: usage → 2, rules → 1, internal → 3, what was promised durable is in doubt → 4.
 */
export type FaultCode =
  | 'usage'
  | 'settings'
  | 'folder-missing'
  | 'unreadable'
  | 'events-invalid'
  | 'rules-invalid'
  | 'trigger-unknown'
  | 'needs-state'
  | 'output-exists'
  // the daemon
  | 'event-invalid'
  | 'intake-closed'
  | 'overloaded'
  | 'launch-unknown'
  | 'launch-unfinished'
  | 'unreachable'
  | 'refused'
  | 'store-missing'
  | 'store-newer'
  | 'store-busy'
  | 'store-corrupt'
  | 'store-full'
  | 'store-failed'
  | 'internal';

export const FAULT_EXIT: Readonly<Record<FaultCode, 1 | 2 | 3 | 4>> = {
  usage: 2,
  settings: 2,
  'folder-missing': 2,
  unreadable: 2,
  'events-invalid': 1,
  'rules-invalid': 1,
  'trigger-unknown': 2,
  'needs-state': 1,
  'output-exists': 2,
  'event-invalid': 1,
  'intake-closed': 3,
  overloaded: 3,
  'launch-unknown': 2,
  'launch-unfinished': 2,
  unreachable: 2,
  refused: 2,
  'store-missing': 2,
  'store-newer': 2,
  'store-busy': 2,
  'store-corrupt': 4,
  'store-full': 3,
  'store-failed': 4,
  internal: 3,
};

/** Thrown, never returned: says what cannot go on, and in `hint` what to do about it. */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly code: FaultCode;
  readonly hint: string | null;

  constructor(code: FaultCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint ?? null;
  }
}
