import { Fault } from '../../kernel/fault.js';
import type { Diagnostic } from '../../model/diagnostic.js';

/** Something wrong with a setting from the command line or the environment. */
export interface OutsideProblem {
  /** `--port must be …`, in one sentence. */
  readonly message: string;
  readonly hint: string | null;
}

/** The fault of settings that cannot be used: all that is wrong at once. What is wrong in the file is in `diagnostics`. */
export class SettingsInvalid extends Fault {
  readonly diagnostics: readonly Diagnostic[];

  constructor(file: string, diagnostics: readonly Diagnostic[], problems: readonly OutsideProblem[]) {
    const lines = problems.map(({ message }) => message);
    if (diagnostics.length > 0) {
      const errors = diagnostics.length === 1 ? 'one error' : `${diagnostics.length} errors`;
      lines.push(`the settings file ${file} has ${errors}, so nothing was started`);
    }
    const hint = problems.find((problem) => problem.hint !== null)?.hint;
    super('settings', lines.join('\n'), hint === null || hint === undefined ? {} : { hint });
    this.diagnostics = diagnostics;
  }
}
