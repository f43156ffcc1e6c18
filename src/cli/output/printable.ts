import type { Json } from '../../kernel/json.js';

// C0 and C1 controls, and the marks that reorder text: a rule file or an event must not drive the terminal, nor show
// itself as something else (CVE-2021-42574).

const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

function escapeOne(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Text from a file or an event, made safe for a terminal and kept on one line: control characters become `\u001b`. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, escapeOne);
}

/** A value as JSON on one line, safe for a terminal. */
export function printableJson(value: Json | undefined): string {
  return value === undefined ? '(nothing)' : printable(JSON.stringify(value));
}

/** A value as indented JSON lines, safe for a terminal. */
export function printableJsonLines(value: Json): readonly string[] {
  return JSON.stringify(value, null, 2).split('\n').map(printable);
}
