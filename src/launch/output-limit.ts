import { Fault } from '../kernel/fault.js';
import type { Json } from '../kernel/json.js';

/** How many bytes of JSON the templates of one map may give together. */
export const MAX_OUTPUT_BYTES = 262_144;

/**
 * Characters and elements that the filters of one map may go through together. There are no loops, so this is reached
 * by very long chains of filters over very long texts only. Counted, not timed: the same input has the same result.
 */
const MAX_WORK = 64 * MAX_OUTPUT_BYTES;

/** Thrown while a template is rendered; the renderer turns it into a Fault that says which template it was. */
export class OutputTooLarge extends Error {
  override readonly name = 'OutputTooLarge';
}

/** Throws when a text of this many characters is longer than any output may be: ask before building it. */
export function allowLength(characters: number): void {
  if (characters > MAX_OUTPUT_BYTES) throw new OutputTooLarge();
}

/** What one rendering may still give and do. */
export interface OutputBudget {
  bytes: number;
  work: number;
}

export function createBudget(): OutputBudget {
  return { bytes: MAX_OUTPUT_BYTES, work: MAX_WORK };
}

/** Bytes of a text in UTF-8; a short one of plain letters is counted here, faster than by a call out of JavaScript. */
function textBytes(text: string): number {
  const { length } = text;
  if (length > 200) return Buffer.byteLength(text);
  for (let i = 0; i < length; i++) if (text.charCodeAt(i) > 127) return Buffer.byteLength(text);
  return length;
}

/** Counts a value that goes into the output. */
export function spendOutput(budget: OutputBudget, value: Json): void {
  if (typeof value === 'string') budget.bytes -= textBytes(value);
  else if (typeof value === 'object' && value !== null)
    budget.bytes -= Buffer.byteLength(JSON.stringify(value));
  else budget.bytes -= 8;
  if (budget.bytes < 0) throw new OutputTooLarge();
}

/** Counts a value that a filter reads or makes. */
export function spendWork(budget: OutputBudget, value: Json | undefined): void {
  if (typeof value === 'string') {
    allowLength(value.length);
    budget.work -= value.length;
  } else if (Array.isArray(value)) {
    budget.work -= value.length;
  }
  budget.work -= 1;
  if (budget.work < 0) throw new OutputTooLarge();
}

/** The Fault for a template whose output is too large; `cause` may be anything that was thrown inside. */
export function outputFault(pointer: string, cause: OutputTooLarge): Fault {
  return new Fault('rules-invalid', `the output of the template at ${pointer} is over 256 KiB`, {
    hint: 'pass on the fields that the workflow needs instead of the whole',
    cause,
  });
}
