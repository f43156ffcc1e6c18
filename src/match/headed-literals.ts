import type { Literal } from './gram-table.js';
import type { Candidates } from './stamps.js';

/** Characters that literals have in common before they are filed together. */
const HEAD = 4;
/** Characters after the common beginning that tell literals apart. */
const TAIL_MAX = 16;

/** Literals that begin alike. */
interface Headed {
  readonly beginning: string;
  /** Those that are no longer than the beginning. */
  readonly whole: readonly Literal[];
  /** Length of the texts below. */
  readonly tailLength: number;
  /** The others, by what follows the beginning. */
  readonly byTail: ReadonlyMap<string, readonly Literal[]>;
}

/**
 * Looks for many texts that begin alike in few ways: each beginning is searched for with the engine's own fast search, and
 * only where it stands one lookup tells which texts may go on there. Null when there are more than `headsMax` beginnings.
 */
export function createHeadedLiterals(
  literals: readonly Literal[],
  headsMax: number,
): { collect(text: string, into: Candidates): void } | null {
  const byHead = new Map<string, Literal[]>();
  for (const literal of literals) {
    const head = literal.text.slice(0, HEAD);
    if (head.length < HEAD) return null;
    const known = byHead.get(head);
    if (known !== undefined) known.push(literal);
    else if (byHead.size === headsMax) return null;
    else byHead.set(head, [literal]);
  }
  const groups = [...byHead.values()].map(headed);
  return {
    collect(text, into) {
      for (const group of groups) collectHeaded(group, text, into);
    },
  };
}

function headed(literals: readonly Literal[]): Headed {
  const beginning = commonBeginning(literals.map(({ text }) => text));
  const whole = literals.filter(({ text }) => text.length === beginning.length);
  const longer = literals.filter(({ text }) => text.length > beginning.length);
  const tailLength = Math.min(TAIL_MAX, ...longer.map(({ text }) => text.length - beginning.length));
  const byTail = new Map<string, Literal[]>();
  for (const literal of longer) {
    const tail = literal.text.substring(beginning.length, beginning.length + tailLength);
    const known = byTail.get(tail);
    if (known === undefined) byTail.set(tail, [literal]);
    else known.push(literal);
  }
  return { beginning, whole, tailLength, byTail };
}

function commonBeginning(texts: readonly string[]): string {
  const [first = '', ...others] = texts;
  let { length } = first;
  for (const text of others) {
    let same = 0;
    while (same < length && text.charCodeAt(same) === first.charCodeAt(same)) same++;
    length = same;
  }
  return first.slice(0, length);
}

function collectHeaded(group: Headed, text: string, into: Candidates): void {
  const { beginning, whole, tailLength, byTail } = group;
  let at = text.indexOf(beginning);
  if (at < 0) return;
  for (const { ordinals } of whole) addAll(ordinals, into);
  // A text made of beginnings must not cost a comparison with all their literals at each of them.
  let budget = text.length + 4 * byTail.size;
  for (; at >= 0; at = text.indexOf(beginning, at + 1)) {
    const from = at + beginning.length;
    const filed = byTail.get(text.substring(from, from + tailLength));
    if (filed === undefined) continue;
    budget -= filed.length;
    if (budget < 0) {
      for (const every of byTail.values()) for (const { ordinals } of every) addAll(ordinals, into);
      return;
    }
    for (const { text: wanted, ordinals } of filed) if (text.startsWith(wanted, at)) addAll(ordinals, into);
  }
}

function addAll(ordinals: readonly number[], into: Candidates): void {
  for (let i = 0; i < ordinals.length; i++) into.add(ordinals[i] as number);
}
