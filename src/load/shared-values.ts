import { YAML_MAX_ALIASES, YAML_MAX_EXPANDED_NODES } from './limits.js';

/** The account of what the aliases of one document expand to, kept while its value is walked. */
export interface SharedValues {
  /** Begins a list or map: `new`, one that was walked before, or `too much` (also when it is inside of itself). */
  enter(collection: object): 'new' | 'known' | 'too much';
  leave(collection: object): void;
}

interface Cost {
  readonly nodes: number;
  readonly aliases: number;
}

/** Never counts less than the full reader does: which of a document's aliases stand for single values it cannot see. */
export function createSharedValues(aliasesWritten: number): SharedValues {
  const costs = new Map<object, Cost | 'open'>();
  const begun: Cost[] = [];
  let nodes = 0;
  let aliases = 0;
  return {
    enter(collection) {
      const known = costs.get(collection);
      if (known === 'open') return 'too much';
      // Twice: once for itself, and once for the anchor that the full reader counts again.
      nodes += 2 + Object.keys(collection).length;
      if (known === undefined) {
        costs.set(collection, 'open');
        begun.push({ nodes, aliases });
        return 'new';
      }
      nodes += known.nodes;
      aliases += 1 + known.aliases;
      const isTooMuch = aliasesWritten * (1 + aliases) > YAML_MAX_ALIASES || nodes > YAML_MAX_EXPANDED_NODES;
      return isTooMuch ? 'too much' : 'known';
    },
    leave(collection) {
      const before = begun.pop() as Cost;
      costs.set(collection, { nodes: nodes - before.nodes, aliases: aliases - before.aliases });
    },
  };
}
