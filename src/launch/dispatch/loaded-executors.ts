import { failed, type Execute, type ExecutorKind } from '../../ports/executor-kind.js';
import { messageOf } from './outcome-check.js';

/**
 * Executors by name, each loaded at its first launch. Loading counts into the attempt's time; one that fails is a failed
 * attempt, and tried again at the next.
 */
export function createLoadedExecutors(kinds: ReadonlyMap<string, ExecutorKind>): (name: string) => Execute {
  const loads = new Map<string, Promise<Execute>>();

  return (name) => async (attempting, host, signal) => {
    const kind = kinds.get(name);
    if (kind === undefined) return failed(`there is no executor ${name}`, { retry: 'never' });
    if (kind.load === null)
      return failed(`the executor ${name} is not carried out by the dispatcher`, { retry: 'never' });
    let execute: Execute;
    try {
      let load = loads.get(name);
      if (load === undefined) loads.set(name, (load = kind.load()));
      execute = await load;
    } catch (cause) {
      loads.delete(name);
      return failed(`the executor ${name} could not be loaded: ${messageOf(cause)}`);
    }
    // Given up on meanwhile: another attempt may be under way already.
    if (signal.aborted) return failed(`the executor ${name} was loaded too late`);
    return execute(attempting, host, signal);
  };
}
