import { failed, type Execute } from '../ports/executor-kind.js';

/** What carries out an executor whose definition is ahead of it: every launch fails at once, and says why. */
export function unbuilt(name: string): () => Promise<Execute> {
  return async () => async () =>
    failed(`the executor ${name} is not built into this version yet`, { retry: 'never' });
}
