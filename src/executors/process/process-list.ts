import { readdir, readFile } from 'node:fs/promises';

const READ_AT_ONCE = 8;

/**
 * Ids of the processes other than this one whose file below /proc passes; null where there is no /proc. A process that ends
 * meanwhile, or is somebody else's, has an empty file.
 */
export async function processesWhere(
  file: 'environ' | 'stat',
  passes: (content: string) => boolean,
): Promise<readonly number[] | null> {
  const names = await readdir('/proc').catch(() => null);
  if (names === null) return null;
  const waiting = names.map(Number).filter((id) => Number.isInteger(id) && id !== process.pid);
  const found: number[] = [];
  const look = async (): Promise<void> => {
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop())
      if (passes(await readFile(`/proc/${id}/${file}`, 'latin1').catch(() => ''))) found.push(id);
  };
  await Promise.all(Array.from({ length: READ_AT_ONCE }, look));
  return found;
}
