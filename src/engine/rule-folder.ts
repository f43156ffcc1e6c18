import { compileRuleset } from '../compile/ruleset.js';
import type { JsonObject } from '../kernel/json.js';
import { loadFolder } from '../load/folder.js';
import { createMatcher } from '../match/matcher.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { Document } from '../model/document.js';
import type { Ruleset } from '../model/ruleset.js';
import type { SourcePlace } from '../model/report.js';
import type { Origin, RuleSource } from '../model/trigger.js';
import type { Reducer } from '../ports/condition-kind.js';
import type { Matcher } from '../ports/matcher.js';
import { validateFolder } from '../validate/folder.js';
import type { Plugins } from './plugins.js';
import { RulesInvalid } from './rules-invalid.js';

export { RulesInvalid } from './rules-invalid.js';

/** A rule folder read and validated, with its documents kept for positions. */
export interface RuleFolder {
  readonly root: string;
  readonly files: readonly string[];
  readonly documents: readonly Document[];
  readonly source: RuleSource;
  readonly diagnostics: readonly Diagnostic[];
}

/** A rule folder without errors, compiled and ready to decide. */
export interface CompiledFolder extends RuleFolder {
  readonly ruleset: Ruleset;
  readonly matcher: Matcher;
  readonly reducers: ReadonlyMap<string, Reducer>;
}

/** Reads and validates a rule folder. What is wrong in it is in `diagnostics`; throws a Fault when there is no folder. */
export async function readRuleFolder(root: string, plugins: Plugins): Promise<RuleFolder> {
  const loaded = await (plugins.loadFolder ?? loadFolder)(root);
  const validated = validateFolder(loaded.documents, plugins);
  return {
    root,
    files: loaded.files,
    documents: loaded.documents,
    source: validated.source,
    diagnostics: sortDiagnostics([...loaded.diagnostics, ...validated.diagnostics]),
  };
}

/** The same documents validated with other values for some variables. */
export function withVariables(folder: RuleFolder, plugins: Plugins, variables: JsonObject): RuleFolder {
  const validated = validateFolder(folder.documents, { ...plugins, variables });
  return { ...folder, source: validated.source, diagnostics: sortDiagnostics(validated.diagnostics) };
}

/** Compiles a folder; throws `rules-invalid` when it has errors: nothing runs on half a folder. */
export function compileFolder(folder: RuleFolder, plugins: Plugins): CompiledFolder {
  const errors = folder.diagnostics.filter((diagnostic) => diagnostic.severity === 'error');
  if (errors.length > 0) throw new RulesInvalid(folder.root, folder.diagnostics);
  const reducers = new Map<string, Reducer>();
  for (const kind of plugins.conditions) if (kind.reducer !== null) reducers.set(kind.name, kind.reducer);
  const ruleset = compileRuleset(folder.source);
  return { ...folder, ruleset, matcher: createMatcher(ruleset), reducers };
}

function sortDiagnostics(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...diagnostics].sort(
    (a, b) =>
      compareText(a.file, b.file) || a.line - b.line || a.column - b.column || compareText(a.code, b.code),
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Finds the places that pointers of a trigger, workflow or test lead to. */
export type Places = (origin: Origin, pointer: string) => SourcePlace | null;

export function createPlaces(documents: readonly Document[]): Places {
  const byName = new Map(documents.map((document) => [`${document.file} ${document.index}`, document]));
  return (origin, pointer) => {
    const document = byName.get(`${origin.file} ${origin.document}`);
    if (document === undefined) return null;
    const { line, column } = document.locate(pointer, 'key');
    return { file: origin.file, line, column, text: (document.sourceLine(line) ?? '').trim() };
  };
}
