import type { CommandContext } from '../command.js';
import { diagnosticsIn } from '../failure.js';

/**
 * Runs, and when the rules have errors and a program reads the output, prints an empty report with the diagnostics before
 * the fault goes on: a reader of JSON should not have to read standard error.
 */
export async function printDiagnosticsOnly<R>(
  json: boolean,
  nothing: object,
  context: CommandContext,
  run: () => Promise<R>,
): Promise<R> {
  try {
    return await run();
  } catch (error) {
    const diagnostics = diagnosticsIn(error);
    if (json && diagnostics.length > 0)
      context.out((await import('../output/json-report.js')).jsonReport({ ...nothing, diagnostics }));
    throw error;
  }
}
