import type { Diagnostic } from '../../model/diagnostic.js';
import type { Document } from '../../model/document.js';
import type { RuleSource } from '../../model/trigger.js';
import { cycle } from './cycle.js';
import { asWarnings } from './finding.js';
import { neverMatches } from './never-matches.js';
import { numericString } from './numeric-string.js';
import { regexLints } from './regex-lints.js';
import { sameTrigger } from './same-trigger.js';
import { unusedWorkflow } from './unused-workflow.js';

/** Everything doubtful about a folder that one can see without events. */
export function lintFolder(
  source: RuleSource,
  documents: readonly Document[],
  /** Names of workflows that triggers launch, those of triggers with errors included; null when they are not known. */
  launched: ReadonlySet<string> | null,
): readonly Diagnostic[] {
  const { triggers, workflows } = source;
  return asWarnings(
    [
      ...neverMatches(triggers),
      ...sameTrigger(triggers),
      ...cycle(triggers, workflows),
      ...(launched === null ? [] : unusedWorkflow(workflows, launched)),
      ...regexLints(triggers),
      ...numericString(triggers),
    ],
    documents,
  );
}
