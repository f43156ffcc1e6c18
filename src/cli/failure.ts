import { FAULT_EXIT, Fault } from '../kernel/fault.js';
import type { Diagnostic } from '../model/diagnostic.js';
import { countSeverities, diagnosticsText, severityWords } from './output/diagnostics-text.js';
import type { Style } from './output/style.js';
import { joinLines } from './output/words.js';

/** How a command ended that could not do its work: what to print on standard error, and the exit code. */
export interface Failure {
  readonly text: string;
  readonly exitCode: 1 | 2 | 3 | 4;
}

/** Words for whatever was thrown. What is no Fault is a mistake of ours and said to be one. */
export function describeFailure(error: unknown, style: Style, verbose: boolean): Failure {
  if (error instanceof Fault && error.code !== 'internal') {
    const details = verbose && error.cause !== undefined ? stackOf(error.cause) : [];
    return {
      text:
        diagnosticsText(errorsIn(error), style) +
        joinLines([...errorLines(error.message, faultHint(error), style), ...details]),
      exitCode: FAULT_EXIT[error.code],
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  const hint = verbose
    ? 'please report it with the lines below and the command you ran'
    : 'run it again with --verbose and report what that prints, with the command you ran';
  return {
    text: joinLines([
      ...errorLines(`this is a fault of triggerd, not of your files: ${message}`, hint, style),
      ...(verbose ? stackOf(error) : []),
    ]),
    exitCode: 3,
  };
}

/** `error: message`, and the hint on a line of its own. */
function errorLines(message: string, hint: string | null, style: Style): readonly string[] {
  return [`${style.red('error:')} ${message}`, ...(hint === null ? [] : [`${style.cyan('hint:')} ${hint}`])];
}

function faultHint({ code, hint }: Fault): string | null {
  return hint ?? (code === 'folder-missing' ? 'triggerd init makes a starter folder' : null);
}

/** A cause with its own causes, innermost last. */
function stackOf(error: unknown): readonly string[] {
  const lines: string[] = [];
  for (
    let at: unknown = error;
    at !== undefined && lines.length < 200;
    at = at instanceof Error ? at.cause : undefined
  ) {
    const text = at instanceof Error ? (at.stack ?? at.message) : String(at);
    lines.push(...(lines.length === 0 ? text : `caused by: ${text}`).split('\n'));
  }
  return lines;
}

/** The diagnostics that a fault about rule files carries. */
export function diagnosticsIn(error: unknown): readonly Diagnostic[] {
  if (!(error instanceof Fault) || !('diagnostics' in error) || !Array.isArray(error.diagnostics)) return [];
  return error.diagnostics as readonly Diagnostic[];
}

/** Of a folder that cannot be run its errors matter; the warnings can wait. */
function errorsIn(error: unknown): readonly Diagnostic[] {
  return diagnosticsIn(error).filter((diagnostic) => diagnostic.severity === 'error');
}

/** One line on the warnings of a folder that was run all the same; '' when there are none. */
export function warningsLine(diagnostics: readonly Diagnostic[], folder: string, style: Style): string {
  const words = severityWords(countSeverities(diagnostics));
  return words === '' ? '' : `${style.yellow(words)}: triggerd check ${folder}\n`;
}
