import ts from 'typescript';
import { FAULT_MEANINGS, Fault, type FaultCode } from '../../src/kernel/fault.js';
import { refusalFor } from '../../src/server/refusal.js';
import { choicesOf, sourceCalls, textOf } from './source-calls.js';

export interface RefusalCode {
  readonly code: string;
  readonly statuses: readonly number[];
  readonly messages: readonly string[];
}

/** Every error that a request may be answered with: those that are written in the server, and those of faults. */
export function refusalCodes(serverFolder: string): readonly RefusalCode[] {
  const found = new Map<string, { statuses: Set<number>; messages: Set<string> }>();
  const add = (code: string, status: number, messages: readonly string[]): void => {
    const entry = found.get(code) ?? { statuses: new Set(), messages: new Set() };
    found.set(code, entry);
    entry.statuses.add(status);
    for (const message of messages) entry.messages.add(message);
  };
  for (const { arguments: given, isNew } of sourceCalls(serverFolder, ['Refusal'])) {
    const [status, code, message] = given;
    const word = textOf(code);
    if (!isNew || word === undefined || status === undefined || !ts.isNumericLiteral(status)) continue;
    // One that begins with what is filled in says nothing without it.
    const said = choicesOf(message).filter((text) => !/^…[,;]|^…$/.test(text));
    add(word, Number(status.text), said);
  }
  for (const [code, meaning] of Object.entries(FAULT_MEANINGS)) {
    const refusal = refusalFor(new Fault(code as FaultCode, ''));
    if (refusal !== null) add(code, refusal.status, [meaning]);
  }
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, { statuses, messages }]) => ({
      code,
      statuses: [...statuses].sort(),
      messages: messages.size === 0 ? ['the message says what is wrong'] : [...messages],
    }));
}
