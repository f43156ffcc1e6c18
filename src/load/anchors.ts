import type { Json } from '../kernel/json.js';
import { cut } from './hint-text.js';
import { YAML_MAX_ALIASES, YAML_MAX_EXPANDED_NODES } from './limits.js';
import { QUOTE_HINT } from './yaml-problem.js';

interface Anchored {
  readonly value: Json;
  readonly pointer: string;
  readonly nodes: number;
  readonly expansions: number;
}

/** What is told of an alias; null when it has been told already. */
export interface AliasRefusal {
  readonly refused: { readonly message: string; readonly hint: string } | null;
}

/** The anchors of one document, in the order of its text, and the account of what their aliases expand to. */
export interface Anchors {
  /** A node has been read. */
  countNode(): void;
  /** The node of an anchor begins at a pointer; the returned function is called with its value when it ends. */
  open(name: string, pointer: string): (value: Json) => void;
  /** What an alias stands for: the value is shared, not copied, so that a chain of aliases costs nothing here. */
  resolve(name: string): Anchored | AliasRefusal;
}

export function createAnchors(): Anchors {
  const anchors = new Map<string, Anchored | 'open'>();
  let nodes = 0;
  let expansions = 0;
  let limitTold = false;
  return {
    countNode() {
      nodes++;
    },
    open(name, pointer) {
      const before = { nodes, expansions };
      anchors.set(name, 'open');
      return (value) => {
        const own = { nodes: nodes - before.nodes + 1, expansions: expansions - before.expansions };
        anchors.set(name, { value, pointer, ...own });
      };
    },
    resolve(name) {
      const anchor = anchors.get(name);
      if (anchor === undefined || anchor === 'open') {
        // An alias without a name is a syntax error already.
        if (name === '') return { refused: null };
        const what = anchor === 'open' ? 'refers to itself' : 'has no anchor before it';
        const hint = `a value that starts with * is a YAML alias: ${QUOTE_HINT}`;
        return { refused: { message: `*${cut(name)} ${what}`, hint } };
      }
      expansions += 1 + anchor.expansions;
      nodes += anchor.nodes;
      if (expansions <= YAML_MAX_ALIASES && nodes <= YAML_MAX_EXPANDED_NODES) return anchor;
      if (limitTold) return { refused: null };
      limitTold = true;
      const most =
        expansions > YAML_MAX_ALIASES
          ? `more than ${YAML_MAX_ALIASES} alias expansions`
          : `more than ${YAML_MAX_EXPANDED_NODES} values once its aliases are expanded`;
      return { refused: { message: `the document has ${most}`, hint: 'write the values out' } };
    },
  };
}
