import type { DiagnosticCode } from '../kernel/codes.js';
import type { Reading } from '../model/test.js';
import type { FieldTestEntry } from './field-tests.js';
import type { PathPlace } from './path-check.js';
import type { Variables } from './variables.js';

/** What an operand may refer to, and who is told what is wrong. */
export interface OperandContext {
  readonly variables: Variables;
  /** What the tested path starts from: only the event's own `priority` is ordered. */
  readonly place: PathPlace;
  /** What paths of `{ field: … }` may start with: those of the event, also inside of an element. */
  readonly fields: Exclude<PathPlace, 'element'>;
  report(
    code: DiagnosticCode,
    pointer: string,
    message: string,
    hint?: string | null,
    part?: 'key' | 'value',
  ): void;
}

/** Everything about one operand that its checks need. */
export interface Reader {
  readonly entry: FieldTestEntry;
  /** Whether the tested field is the event's priority, as it is. */
  readonly isPriority: boolean;
  readonly as: Reading['as'];
  readonly context: OperandContext;
}

export function wrong(
  message: string,
  pointer: string,
  { context }: Reader,
  hint: string | null = null,
): undefined {
  context.report('wrong-type', pointer, message, hint);
  return undefined;
}

export const TIME_HINT = 'a time is RFC 3339 with a zone: 2026-01-31T12:00:00Z';
