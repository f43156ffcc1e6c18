import {
  closeSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

/** A rule folder and the ways in which people and tools change one. */
export interface WrittenFolder {
  readonly root: string;
  /** Overwrites it where it stands; the text is as long as the one before. */
  overwrite(file: string, text: string): void;
  /** Writes beside it and renames, as editors do. */
  replace(file: string, text: string): void;
  /** Takes it away and writes it anew, as git does. */
  recreate(file: string, text: string): void;
  remove(file: string): void;
  /** Swaps the link that all mounted files lead through, as a ConfigMap does. */
  swapMounted(texts: ReadonlyMap<string, string>): void;
}

const MOUNTED = 'mounted';

export function writeFolder(root: string, texts: ReadonlyMap<string, string>): WrittenFolder {
  const path = (file: string): string => join(root, file);
  let generation = 0;
  mkdirSync(path(MOUNTED), { recursive: true });

  const folder: WrittenFolder = {
    root,
    overwrite(file, text) {
      const handle = openSync(path(file), 'r+');
      writeSync(handle, text, 0);
      closeSync(handle);
    },
    replace(file, text) {
      // No name that is read as a rule file.
      writeFileSync(path(`${file}.new`), text);
      renameSync(path(`${file}.new`), path(file));
    },
    recreate(file, text) {
      unlinkSync(path(file));
      folder.replace(file, text);
    },
    remove(file) {
      unlinkSync(path(file));
    },
    swapMounted(mounted) {
      const before = `..${generation}`;
      const name = `..${++generation}`;
      mkdirSync(path(`${MOUNTED}/${name}`));
      for (const [file, text] of mounted)
        if (file.startsWith(`${MOUNTED}/`))
          writeFileSync(path(`${MOUNTED}/${name}/${file.slice(MOUNTED.length + 1)}`), text);
      symlinkSync(name, path(`${MOUNTED}/..new`));
      renameSync(path(`${MOUNTED}/..new`), path(`${MOUNTED}/..data`));
      rmSync(path(`${MOUNTED}/${before}`), { recursive: true, force: true });
    },
  };
  for (const [file, text] of texts) {
    if (file.startsWith(`${MOUNTED}/`)) symlinkSync(`..data/${file.slice(MOUNTED.length + 1)}`, path(file));
    else folder.replace(file, text);
  }
  folder.swapMounted(texts);
  return folder;
}
