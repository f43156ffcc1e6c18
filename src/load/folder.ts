import { isUtf8 } from 'node:buffer';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '../kernel/fault.js';
import type { Diagnostic } from '../model/diagnostic.js';
import type { Document } from '../model/document.js';
import { RULE_FILE_MAX_BYTES } from './limits.js';
import { fileTooLarge, loadText, type LoadedText } from './load-text.js';
import { fileDiagnostic, invalidUtf8 } from './file-diagnostics.js';

export { loadText } from './load-text.js';

/** A rule folder as it was read, in the order of its paths. */
export interface LoadedFolder {
  readonly documents: Document[];
  /** Every YAML file found, as a user would type its path, forward slashes. */
  readonly files: string[];
  readonly diagnostics: Diagnostic[];
}

interface FoundFile {
  /** As shown. */
  readonly file: string;
  readonly path: string;
}

const YAML_FILE = /\.ya?ml$/i;
/** `samples` holds events to try rules on; those are no rules. */
const SKIPPED_FOLDERS = new Set(['node_modules', 'samples']);

/**
 * Reads every `*.yaml` and `*.yml` file below a folder (or one such file). Hidden folders, `node_modules` and `samples`
 * are left out; symbolic links are followed, as Kubernetes mounts ConfigMaps as links, and a file or folder reached twice
 * counts once. Throws a Fault `folder-missing` when there is no such folder; all else that is wrong is a diagnostic.
 */
export async function loadFolder(root: string): Promise<LoadedFolder> {
  const diagnostics: Diagnostic[] = [];
  const found = await findFiles(root, diagnostics);
  const documents: Document[] = [];
  for (const { file, path } of found) {
    const loaded = await loadFile(file, path);
    documents.push(...loaded.documents);
    diagnostics.push(...loaded.diagnostics);
  }
  if (documents.length === 0 && diagnostics.length === 0) {
    const name = shownRoot(root) || '.';
    const hint = 'put *.yaml files with triggers: into it, or name another folder';
    diagnostics.push(fileDiagnostic('folder-empty', name, `${name} holds no rule`, hint));
  }
  return { documents, files: found.map(({ file }) => file), diagnostics };
}

async function findFiles(root: string, diagnostics: Diagnostic[]): Promise<FoundFile[]> {
  let isFolder: boolean;
  try {
    const info = await stat(root);
    if (info.isFile()) return [{ file: root.replaceAll('\\', '/'), path: root }];
    isFolder = info.isDirectory();
  } catch (cause) {
    const why = errorCode(cause) === 'ENOENT' ? 'there is no rule folder' : 'the rule folder cannot be read:';
    throw new Fault('folder-missing', `${why} ${root}`, {
      hint: 'name the folder that holds your *.yaml rule files, or create one with triggerd init',
      cause,
    });
  }
  if (!isFolder) {
    throw new Fault('folder-missing', `${root} is neither a folder nor a file`, {
      hint: 'name a rule folder',
    });
  }
  const found: FoundFile[] = [];
  const seen = new Set<string>();
  await walk(root, shownRoot(root), true, seen, found, diagnostics);
  return found.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
}

async function walk(
  path: string,
  shown: string,
  isRoot: boolean,
  seen: Set<string>,
  found: FoundFile[],
  diagnostics: Diagnostic[],
): Promise<void> {
  let entries;
  try {
    const real = await realpath(path);
    if (seen.has(real)) return;
    seen.add(real);
    entries = await readdir(path, { withFileTypes: true });
  } catch (cause) {
    if (isRoot) {
      throw new Fault('folder-missing', `the rule folder cannot be read: ${path}`, {
        hint: 'check its permissions',
        cause,
      });
    }
    diagnostics.push(
      fileDiagnostic('file-unreadable', shown, `the folder cannot be read: ${reason(cause)}`, null),
    );
    return;
  }
  // What is really here comes before links to it, so that a file reached twice is shown by its own path.
  entries.sort(
    (a, b) => Number(a.isSymbolicLink()) - Number(b.isSymbolicLink()) || (a.name < b.name ? -1 : 1),
  );
  for (const entry of entries) {
    if (entry.name.startsWith('.')) continue;
    const file = shown === '' || shown.endsWith('/') ? `${shown}${entry.name}` : `${shown}/${entry.name}`;
    const childPath = join(path, entry.name);
    let isFolder = entry.isDirectory();
    let isFile = entry.isFile();
    let real = childPath;
    try {
      if (entry.isSymbolicLink()) {
        const info = await stat(childPath);
        isFolder = info.isDirectory();
        isFile = info.isFile();
      }
      if (isFile && YAML_FILE.test(entry.name)) real = await realpath(childPath);
    } catch (cause) {
      if (YAML_FILE.test(entry.name)) {
        diagnostics.push(
          fileDiagnostic('file-unreadable', file, `the file cannot be read: ${reason(cause)}`, null),
        );
      }
      continue;
    }
    if (isFolder) {
      if (!SKIPPED_FOLDERS.has(entry.name)) await walk(childPath, file, false, seen, found, diagnostics);
    } else if (YAML_FILE.test(entry.name)) {
      if (!isFile) {
        diagnostics.push(
          fileDiagnostic('file-unreadable', file, 'this is no regular file', 'remove or rename it'),
        );
      } else if (!seen.has(real)) {
        seen.add(real);
        found.push({ file, path: childPath });
      }
    }
  }
}

async function loadFile(file: string, path: string): Promise<LoadedText> {
  let bytes: Buffer;
  try {
    const { size } = await stat(path);
    if (size > RULE_FILE_MAX_BYTES) return fileTooLarge(file, size);
    bytes = await readFile(path);
  } catch (cause) {
    const hint = errorCode(cause) === 'EACCES' ? 'check its permissions' : null;
    const message = `the file cannot be read: ${reason(cause)}`;
    return { documents: [], diagnostics: [fileDiagnostic('file-unreadable', file, message, hint)] };
  }
  if (!isUtf8(bytes)) return { documents: [], diagnostics: [invalidUtf8(file, bytes)] };
  return loadText(file, bytes.toString('utf8'));
}

/** The folder as typed, without the slash at its end; '' for the current folder. */
function shownRoot(root: string): string {
  const shown = root.replaceAll('\\', '/').replace(/(?<=.)\/+$/, '');
  return shown === '.' ? '' : shown;
}

function errorCode(cause: unknown): string | undefined {
  return cause instanceof Error ? (cause as NodeJS.ErrnoException).code : undefined;
}

function reason(cause: unknown): string {
  switch (errorCode(cause)) {
    case 'ENOENT':
      return 'it is gone, or a link that leads nowhere';
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'ELOOP':
      return 'a link that leads to itself';
    default:
      return cause instanceof Error ? cause.message : String(cause);
  }
}
