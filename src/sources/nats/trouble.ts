import type { SourceHost } from '../../ports/source.js';

/** Why a stream cannot be read now, and what would help. */
export class Trouble extends Error {
  override readonly name = 'Trouble';

  constructor(
    message: string,
    readonly hint: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

const REMIND_MS = 10_000;
const REMIND_MAX_MS = 600_000;
/** Between two lines, whatever they say. */
const APART_MS = 1_000;

/** Tells of trouble: when it comes or becomes another one, now and then while it lasts, and when it is over. */
export interface TroubleTeller {
  tell(trouble: Trouble): void;
  /** A sign of life; may be given as often as there is one. */
  over(): void;
}

export function createTroubleTeller({ log, clock }: SourceHost, source: string): TroubleTeller {
  let since: number | null = null;
  /** The problem told last; null when there is none that must be told to be over. */
  let told: string | null = null;
  let lineAt = -Infinity;
  let remindMs = REMIND_MS;
  /** A wall clock may go back: then it is as if the time were over. */
  const isTime = (pauseMs: number): boolean => clock.now() < lineAt || clock.now() - lineAt >= pauseMs;
  const secondsOf = (): number => Math.max(0, Math.round((clock.now() - (since ?? clock.now())) / 1_000));
  return {
    tell({ message: problem, hint }) {
      since ??= clock.now();
      const isNew = told !== problem;
      if (!isTime(isNew ? APART_MS : remindMs)) return;
      remindMs = isNew ? REMIND_MS : Math.min(REMIND_MAX_MS, remindMs * 2);
      told = problem;
      lineAt = clock.now();
      log.warn('a stream cannot be read, and is tried again', {
        source,
        problem,
        hint,
        seconds: secondsOf(),
      });
    },
    over() {
      if (since === null || (told !== null && !isTime(APART_MS))) return;
      if (told !== null) {
        lineAt = clock.now();
        log.info('a stream is read again', { source, seconds: secondsOf() });
      }
      since = null;
      told = null;
      remindMs = REMIND_MS;
    },
  };
}
