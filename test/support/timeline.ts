import type { JsonObject } from '../../src/kernel/json.js';
import type { Arrival } from './reducer-harness.js';

/** What one letter of a timeline stands for. */
export type Reading = (word: string) => { readonly roles: readonly string[]; readonly payload?: JsonObject };

/**
 * A script in the shorthand of the tables: `0 s1 A · 15@5 s1 B` is A at 0, then B that arrives at 15 and happened at 5.
 * The group may be left out. Events are called by their place, from `e0`.
 */
export function timeline(text: string, unitMs: number, read: Reading): readonly Arrival[] {
  return text.split('·').map((part, index) => {
    const words = part.trim().split(/\s+/);
    const [arrivedAt, at] = (words[0] as string).split('@').map((time) => Number(time) * unitMs);
    return {
      id: `e${index}`,
      group: words.length > 2 ? (words[1] as string) : '',
      arrivedAt: arrivedAt as number,
      at: at ?? (arrivedAt as number),
      ...read(words.at(-1) as string),
    };
  });
}
