import type { DiagnosticCode } from '../kernel/codes.js';
import { diagnosticAt, type Diagnostic, type Severity } from '../model/diagnostic.js';
import type { Document } from '../model/document.js';
import { valueAt } from '../kernel/pointer.js';

/** Something wrong at a place of a document. */
export interface Problem {
  readonly code: DiagnosticCode;
  readonly pointer: string;
  readonly message: string;
  readonly hint: string | null;
  readonly part: 'key' | 'value';
  readonly severity: Severity;
}

/** Collects what is wrong in one document; the same thing said twice of one place counts once. */
export interface Reporter {
  readonly document: Document;
  /** How many errors there are so far: who compares before and after knows whether its own part is sound. */
  readonly errors: number;
  error(
    code: DiagnosticCode,
    pointer: string,
    message: string,
    hint?: string | null,
    part?: 'key' | 'value',
  ): void;
  warning(
    code: DiagnosticCode,
    pointer: string,
    message: string,
    hint?: string | null,
    part?: 'key' | 'value',
  ): void;
  diagnostics(): readonly Diagnostic[];
}

/** A document with more is named with the first of them: nobody reads a thousand. */
const MAX_PROBLEMS = 100;

export function createReporter(document: Document): Reporter {
  const problems: Problem[] = [];
  const said = new Set<string>();
  let errors = 0;
  let leftOut = 0;
  const add = (problem: Problem): void => {
    const key = `${problem.code} ${problem.pointer} ${problem.part} ${problem.message}`;
    if (said.has(key) || isEmptyValue(document, problem.pointer)) {
      if (problem.severity === 'error') errors++;
      return;
    }
    said.add(key);
    if (problem.severity === 'error') errors++;
    if (problems.length < MAX_PROBLEMS) problems.push(problem);
    else leftOut++;
  };
  return {
    document,
    get errors() {
      return errors;
    },
    error(code, pointer, message, hint = null, part = 'value') {
      add({ code, pointer, message, hint, part, severity: 'error' });
    },
    warning(code, pointer, message, hint = null, part = 'value') {
      add({ code, pointer, message, hint, part, severity: 'warning' });
    },
    diagnostics() {
      const found = problems.map((problem) => diagnosticAt(document, problem.pointer, problem.part, problem));
      const last = found.at(-1);
      if (leftOut === 0 || last === undefined) return found;
      const more = `${leftOut} more ${leftOut === 1 ? 'problem' : 'problems'} of this document are not shown`;
      found[found.length - 1] = { ...last, hint: last.hint === null ? more : `${last.hint}; ${more}` };
      return found;
    },
  };
}

/**
 * A null that nobody wrote: a key with nothing after it, an alias without its anchor. The loader has reported why, and put
 * null where it could not tell what was meant.
 */
function isEmptyValue(document: Document, pointer: string): boolean {
  if (pointer === '' || valueAt(document.value, pointer) !== null) return false;
  const { line, column } = document.locate(pointer, 'value');
  const written = document.sourceLine(line)?.slice(column - 1) ?? '';
  return !/^(?:null|Null|NULL|~)/.test(written);
}
