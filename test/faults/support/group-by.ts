/** Items by key, in the order of their first. */
export function groupBy<T, K>(items: Iterable<T>, keyOf: (item: T) => K): ReadonlyMap<K, readonly T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

/** How often each word occurs. */
export function countWords(words: Iterable<string>): ReadonlyMap<string, number> {
  return new Map([...groupBy(words, (word) => word)].map(([word, of]) => [word, of.length]));
}
