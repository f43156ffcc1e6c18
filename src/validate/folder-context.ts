import type { ConditionKind } from '../ports/condition-kind.js';
import type { Templates } from '../ports/templates.js';
import type { EventTypeCheck } from './event-type-check.js';
import type { Reporter } from './reporter.js';
import type { Variables } from './variables.js';

/** Where a name is defined. */
export interface Definition {
  readonly reporter: Reporter;
  readonly pointer: string;
}

/** What reading one part of a folder needs to know of the rest. */
export interface FolderContext {
  readonly kinds: ReadonlyMap<string, ConditionKind>;
  readonly templates: Templates;
  readonly variables: Variables;
  readonly eventTypes: EventTypeCheck;
  /** By trigger_id, those with errors included. */
  readonly triggers: ReadonlyMap<string, Definition>;
  /** By name, those with errors included; empty for a folder that defines none. */
  readonly workflows: ReadonlyMap<string, Definition>;
}

/** `rules/github.yaml:12`: where the other one is. */
export function placeOf({ reporter, pointer }: Definition): string {
  return `${reporter.document.file}:${reporter.document.locate(pointer, 'key').line}`;
}
