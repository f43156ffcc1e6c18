import { processesWhere } from './process-list.js';

/**
 * Signals every process of a group; false when there is none left. A group is named by the id of its first process, and
 * that id is not given to another while the group has a member.
 */
export function signalGroup(groupId: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-groupId, signal);
  } catch (cause) {
    // ESRCH: nobody is there. EPERM: what is left runs as somebody else, or is dead and not yet collected.
    if (cause instanceof Error && 'code' in cause && (cause.code === 'ESRCH' || cause.code === 'EPERM'))
      return false;
    throw cause;
  }
}

/**
 * Whether a process of the group still runs. The dead ones count as members until their parent collects them, which in a
 * container without an init may be never, so where there is a /proc they are told apart.
 */
export async function groupRuns(groupId: number): Promise<boolean> {
  if (!signalGroup(groupId, 0)) return false;
  const running = await processesWhere('stat', (stat) => {
    // `id (name) state parent group …`, and a name may hold anything, brackets too.
    const [state, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(group) === groupId && state !== 'Z' && state !== 'X';
  });
  return running === null || running.length > 0;
}
