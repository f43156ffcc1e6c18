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
  | 'event-undecided'
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
  'event-undecided': 3,
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

/** What each means, in one line. */
export const FAULT_MEANINGS: Readonly<Record<FaultCode, string>> = {
  usage: 'the call or the command is used wrongly',
  settings: 'a setting is wrong',
  'folder-missing': 'there is no such rule folder',
  unreadable: 'a file or folder cannot be read',
  'events-invalid': 'sample events cannot be read, or are not events',
  'rules-invalid': 'the rules have errors; the diagnostics say which',
  'trigger-unknown': 'there is no trigger of this id',
  'needs-state': 'the answer depends on events that were before, which are not there',
  'output-exists': 'a file that would be written is there already',
  'event-invalid': 'an event has fields that are wrong',
  'event-undecided': 'an event could not be decided, and nothing of it happened',
  'intake-closed': 'no more events are taken: the daemon or the engine is stopping',
  overloaded: 'too much waits to be decided; try again later',
  'launch-unknown': 'there is no launch of this id',
  'launch-unfinished': 'the launch is under way or has succeeded, so that it cannot be tried again',
  unreachable: 'the daemon cannot be reached',
  refused: 'the daemon refused the request',
  'store-missing': 'the package better-sqlite3, which keeps the data, cannot be loaded',
  'store-newer': 'the data folder was written by a newer version',
  'store-busy': 'another daemon works on the data folder',
  'store-corrupt': 'the database in the data folder is damaged',
  'store-full': 'there is no space left for the data; it goes on when there is',
  'store-failed': 'writing to the disk failed, so that what was acknowledged last is in doubt',
  internal: 'a fault of triggerd itself; please report it',
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
