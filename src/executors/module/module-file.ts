import { realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import { codeOf, Failure } from '../failure.js';
import { Refusal } from '../refusal.js';

/**
 * The file that a module setting names, as it is after following symbolic links, which must lie in one of the folders that the
 * daemon's settings allow: a link inside of such a folder does not lead out of it.
 */
export async function moduleFile(
  named: string,
  folder: string,
  allowedFolders: readonly string[],
): Promise<string> {
  if (allowedFolders.length === 0) throw new Refusal('modules are not allowed by the settings of the daemon');
  if (named.includes('\0')) throw new Refusal('the name of the module holds a NUL character');
  const file = await realOf(resolve(folder, named));
  if (file === undefined) throw new Refusal(`there is no module ${named}`);
  for (const allowed of allowedFolders) {
    const real = await realOf(allowed);
    if (real !== undefined && isInside(file, real)) return file;
  }
  throw new Refusal(`the module ${named} is in none of the folders that the settings of the daemon allow`);
}

function isInside(file: string, folder: string): boolean {
  const path = relative(folder, file);
  return path !== '' && path !== '..' && !path.startsWith('../') && !isAbsolute(path);
}

async function realOf(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch (cause) {
    const code = codeOf(cause);
    if (['ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES', 'ENAMETOOLONG'].includes(code)) return undefined;
    throw new Failure(`the file system could not be asked for a module (${code})`);
  }
}
