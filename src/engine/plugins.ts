import type { LoadedFolder } from '../load/folder.js';
import type { ConditionKind } from '../ports/condition-kind.js';
import type { ExecutorKind } from '../ports/executor-kind.js';
import type { Templates } from '../ports/templates.js';

/** Everything pluggable, handed down by the wiring: the engine knows no plug-in by name. */
export interface Plugins {
  readonly conditions: readonly ConditionKind[];
  readonly executors: readonly ExecutorKind[];
  readonly templates: Templates;
  /** Values for `{env: NAME}` variables. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where the documents of a rule folder come from; left out = the disk. */
  readonly loadFolder?: (root: string) => Promise<LoadedFolder>;
}
