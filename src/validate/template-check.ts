import type { DiagnosticCode } from '../kernel/codes.js';
import { setOwn, type Json, type JsonObject } from '../kernel/json.js';
import { isPathProblem, parsePath } from '../kernel/path.js';
import type { TemplateProblem, Templates } from '../ports/templates.js';
import type { FolderContext } from './folder-context.js';
import { escapeKey } from '../kernel/pointer.js';
import type { Reporter } from './reporter.js';
import { neverThere, type TemplateNames } from './template-names.js';

const CODES: Readonly<Record<TemplateProblem['kind'], DiagnosticCode>> = {
  syntax: 'template-syntax',
  'unknown-filter': 'template-filter',
  'unknown-tag': 'template-tag',
  'unknown-name': 'template-name',
};

type Read = readonly [pointer: string, path: string];

/** Parses the templates of a map and reports what is wrong with them; returns what the sound ones read. */
export function parseTemplates(
  map: JsonObject,
  names: 'trigger' | 'workflow',
  pointer: string,
  templates: Templates,
  reporter: Reporter,
): readonly Read[] {
  if (!holdsTemplate(map)) return [];
  const parsed = templates.parse(map, names);
  if ('template' in parsed) return parsed.template.reads;
  const bad = new Set(parsed.problems.map((problem) => problem.pointer));
  // What a tag brings in that does not exist has no name either.
  const tagged = new Set(
    parsed.problems.filter(({ kind }) => kind === 'unknown-tag').map((one) => one.pointer),
  );
  for (const problem of parsed.problems) {
    if (problem.kind === 'unknown-name' && tagged.has(problem.pointer)) continue;
    reporter.error(CODES[problem.kind], pointer + problem.pointer, problem.message, problem.hint);
  }
  const rest = templates.parse(withoutTexts(map, '', bad) as JsonObject, names);
  return 'template' in rest ? rest.template.reads : [];
}

/** A copy in which the texts at these pointers are empty. */
function withoutTexts(value: Json, pointer: string, bad: ReadonlySet<string>): Json {
  if (typeof value === 'string') return bad.has(pointer) ? '' : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value))
    return (value as readonly Json[]).map((element, index) =>
      withoutTexts(element, `${pointer}/${index}`, bad),
    );
  const copy: Record<string, Json> = {};
  for (const [key, member] of Object.entries(value as JsonObject))
    setOwn(copy, key, withoutTexts(member, `${pointer}/${escapeKey(key)}`, bad));
  return copy;
}

/** Most inputs are plain data, which needs no parser. */
function holdsTemplate(value: Json): boolean {
  if (typeof value === 'string') return value.includes('{{') || value.includes('{%');
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value as { readonly [key: string]: Json }).some(holdsTemplate);
}

/** Parses the templates of a workflow_input and reports what they read that is never there. */
export function checkInputTemplates(
  input: JsonObject,
  pointer: string,
  names: TemplateNames,
  folder: FolderContext,
  reporter: Reporter,
): void {
  for (const [at, path] of parseTemplates(input, 'trigger', pointer, folder.templates, reporter)) {
    const steps = parsePath(path);
    if (isPathProblem(steps)) continue;
    const fault = neverThere(steps, names, folder);
    if (fault === undefined) continue;
    reporter.error(fault.code, pointer + at, fault.message, fault.hint);
  }
}
