import { Fault } from '../kernel/fault.js';
import type { Diagnostic } from '../model/diagnostic.js';

/** The fault of a folder with errors; carries every diagnostic, so that a surface can print them all. */
export class RulesInvalid extends Fault {
  readonly diagnostics: readonly Diagnostic[];

  constructor(
    root: string,
    diagnostics: readonly Diagnostic[],
    hint = `mend them first; triggerd check ${root} shows them all`,
  ) {
    const count = diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length;
    super('rules-invalid', `${root} has ${count} ${count === 1 ? 'error' : 'errors'}, so nothing was run`, {
      hint,
    });
    this.diagnostics = diagnostics;
  }
}
