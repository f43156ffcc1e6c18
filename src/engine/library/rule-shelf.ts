import { isObject, ownValue, setOwn, type Json, type JsonObject } from '../../kernel/json.js';
import { loadFolder, loadText, type LoadedFolder } from '../../load/folder.js';
import type { Document } from '../../model/document.js';

/** Where an engine's rules come from, at one moment: replaced as a whole, never changed in place. */
export interface RuleShelf {
  /** A rule folder on disk; null = none. */
  readonly folder: string | null;
  /** Rules given as texts, as files by their names. */
  readonly given: readonly RuleText[];
  /** Triggers registered at run time, by trigger id. */
  readonly registered: readonly RuleText[];
  /** Ids of triggers of folder and texts that were unregistered at run time. */
  readonly withdrawn: ReadonlySet<string>;
}

export interface RuleText {
  /** What stands for the file's path in diagnostics. */
  readonly file: string;
  readonly text: string;
}

/** Reads everything on the shelf, as a rule folder is read. */
export async function loadShelf(shelf: RuleShelf): Promise<LoadedFolder> {
  const base = shelf.folder === null ? NOTHING : await loadFolder(shelf.folder);
  const given = shelf.given.map(load);
  const registered = shelf.registered.map(load);
  const documents = [...base.documents, ...given.flatMap((one) => one.documents)];
  return {
    files: [...base.files, ...[...shelf.given, ...shelf.registered].map(({ file }) => file)],
    documents: [
      ...(shelf.withdrawn.size === 0
        ? documents
        : documents.flatMap((document) => withoutTriggers(document, shelf.withdrawn) ?? [])),
      ...registered.flatMap((one) => one.documents),
    ],
    diagnostics: [...base.diagnostics, ...[...given, ...registered].flatMap((one) => one.diagnostics)],
  };
}

const NOTHING: LoadedFolder = { documents: [], files: [], diagnostics: [] };

/** Texts do not change, so each is read once however often the rules are put together anew. */
const loads = new WeakMap<RuleText, ReturnType<typeof loadText>>();
function load(text: RuleText): ReturnType<typeof loadText> {
  let loaded = loads.get(text);
  if (loaded === undefined) loads.set(text, (loaded = loadText(text.file, text.text)));
  return loaded;
}

/**
 * The document without some of its triggers, and without its rule tests, which are about the rules as they were written;
 * null when nothing is left. Pointers into it lead to the places where things really stand.
 */
function withoutTriggers(document: Document, withdrawn: ReadonlySet<string>): Document | null {
  const { value } = document;
  if (!isObject(value)) return document;
  if (isWithdrawn(value, withdrawn)) return null;
  const rest: Record<string, Json> = {};
  const kept: number[] = [];
  for (const key of Object.keys(value)) {
    if (key === 'tests') continue;
    const member = value[key] as Json;
    if (key !== 'triggers' || !Array.isArray(member)) {
      setOwn(rest, key, member);
      continue;
    }
    (member as readonly Json[]).forEach((trigger, index) => {
      if (!isWithdrawn(trigger, withdrawn)) kept.push(index);
    });
    if (kept.length > 0) rest[key] = kept.map((index) => (member as readonly Json[])[index] as Json);
  }
  if (Object.keys(rest).length === 0) return null;
  return {
    ...document,
    value: rest as JsonObject,
    locate: (pointer, part) => document.locate(asWritten(pointer, kept), part),
  };
}

function isWithdrawn(trigger: Json, withdrawn: ReadonlySet<string>): boolean {
  const id = isObject(trigger) ? ownValue(trigger, 'trigger_id') : undefined;
  return typeof id === 'string' && withdrawn.has(id);
}

const TRIGGERS = '/triggers/';

function asWritten(pointer: string, kept: readonly number[]): string {
  if (!pointer.startsWith(TRIGGERS)) return pointer;
  const [index = '', ...inner] = pointer.slice(TRIGGERS.length).split('/');
  return `${TRIGGERS}${[kept[Number(index)] ?? index, ...inner].join('/')}`;
}
