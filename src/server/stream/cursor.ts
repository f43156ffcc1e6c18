/**
 * How far a reading of the journal has come: everything up to this event, and so many of the decisions that stand at its
 * position (those of timers that came after it stand there too).
 */
export interface Cursor {
  readonly position: number;
  readonly decisions: number;
}

/** Less than 0 when `a` is before `b`. */
export function compareCursors(a: Cursor, b: Cursor): number {
  return a.position - b.position || a.decisions - b.decisions;
}

/** As a client gives it back: `12`, or `12/2`. */
export function writeCursor({ position, decisions }: Cursor): string {
  return decisions === 0 ? String(position) : `${position}/${decisions}`;
}

const WRITTEN = /^(\d{1,15})(?:\/(\d{1,9}))?$/;
/** The form of a cursor, for JSON Schemas. */
export const CURSOR_PATTERN = WRITTEN.source;

/** null for what is no cursor. */
export function readCursor(value: unknown): Cursor | null {
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) && value >= 0 ? { position: value, decisions: 0 } : null;
  }
  const match = typeof value === 'string' ? WRITTEN.exec(value) : null;
  return match === null ? null : { position: Number(match[1]), decisions: Number(match[2] ?? 0) };
}
