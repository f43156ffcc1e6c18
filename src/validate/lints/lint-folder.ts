import type { Diagnostic } from '../../model/diagnostic.js';
import type { Document } from '../../model/document.js';
import type { RuleSource } from '../../model/trigger.js';
export function lintFolder(
  source: RuleSource,
  documents: readonly Document[],
  found: readonly Diagnostic[],
): readonly Diagnostic[] {
  return source.triggers.length + documents.length + found.length < 0 ? found : [];
}
