import { Fault, type FaultCode } from '../kernel/fault.js';
import type { WireError, WireProblem } from '../model/wire.js';

export interface RefusalOptions {
  readonly hint?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly problems?: readonly WireProblem[];
  /** How many events were refused with it. */
  readonly events?: number;
  readonly cause?: unknown;
}

/** Ends a request with an answer of 4xx or 5xx. `code` is a stable word. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly code: string;
  readonly hint: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly problems: readonly WireProblem[] | null;
  readonly events: number;

  constructor(status: number, code: string, message: string, options: RefusalOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.status = status;
    this.code = code;
    this.hint = options.hint ?? null;
    this.headers = options.headers ?? {};
    this.problems = options.problems ?? null;
    this.events = options.events ?? 1;
  }
}

/** How the faults of the daemon are answered; what is not listed is our own fault. Seconds to wait where waiting helps. */
const FAULT_ANSWERS: Partial<Record<FaultCode, { readonly status: number; readonly retryAfter?: number }>> = {
  usage: { status: 400 },
  'event-invalid': { status: 400 },
  'event-undecided': { status: 500 },
  'trigger-unknown': { status: 404 },
  'launch-unknown': { status: 404 },
  'launch-unfinished': { status: 409 },
  overloaded: { status: 503, retryAfter: 1 },
  'intake-closed': { status: 503, retryAfter: 5 },
  'store-full': { status: 503, retryAfter: 10 },
  // The process is about to end; what was sent is not taken, and may be sent again to the next one.
  'store-failed': { status: 503, retryAfter: 10 },
};

/** The refusal that a thrown value stands for; null when it is unexpected. */
export function refusalFor(error: unknown): Refusal | null {
  if (error instanceof Refusal) return error;
  if (error instanceof Fault) {
    const answer = FAULT_ANSWERS[error.code];
    if (answer === undefined) return null;
    const headers: Record<string, string> = {};
    if (answer.retryAfter !== undefined) headers['retry-after'] = String(answer.retryAfter);
    return new Refusal(answer.status, error.code, error.message, { hint: error.hint, headers, cause: error });
  }
  return frameworkRefusal(error);
}

/** What Fastify refuses by itself while it reads a request. */
function frameworkRefusal(error: unknown): Refusal | null {
  if (!(error instanceof Error)) return null;
  const { code, statusCode } = error as Error & { readonly code?: string; readonly statusCode?: number };
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return tooLarge();
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new Refusal(415, 'content-type', 'the content type is not one that is understood');
    case 'FST_ERR_BAD_URL':
      return new Refusal(400, 'path-invalid', 'the path is not well-formed');
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return new Refusal(414, 'path-invalid', 'the path is too long');
    default:
      break;
  }
  // Bodies that end too early, connections that break.
  if (statusCode === 400) return new Refusal(400, 'body-invalid', 'the body could not be read to its end');
  return null;
}

export function tooLarge(maxBodyBytes?: number): Refusal {
  const bound = maxBodyBytes === undefined ? '' : ` (at most ${maxBodyBytes} bytes)`;
  return new Refusal(413, 'body-too-large', `the body is larger than is taken${bound}`, {
    hint: 'send the events in several requests',
  });
}

/** The body of an answer that refuses. */
export function wireError({ code, message, hint, problems }: Refusal): WireError {
  return { error: { code, message, hint, ...(problems === null ? {} : { problems }) } };
}
