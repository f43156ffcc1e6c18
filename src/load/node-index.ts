/** Character offsets of a node and, for a member of a map, of its key. */
export interface YamlNodePlace {
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly start: number;
  readonly end: number;
}

/** Where every node of a document stands, by JSON pointer; offsets are from the start of the document's text. */
export interface NodeIndex {
  /** The nearest node at or above a pointer; through an alias, the node its anchor marks. */
  find(pointer: string): YamlNodePlace;
}

const ROOT: YamlNodePlace = { keyStart: 0, keyEnd: 0, start: 0, end: 0 };

export function createNodeIndex(
  places: ReadonlyMap<string, YamlNodePlace>,
  /** Pointer of an alias → pointer of the anchored node. */
  aliases: ReadonlyMap<string, string>,
): NodeIndex {
  const throughAlias = (pointer: string): string | undefined => {
    for (let end = pointer.lastIndexOf('/'); end > 0; end = pointer.lastIndexOf('/', end - 1)) {
      const target = aliases.get(pointer.slice(0, end));
      if (target !== undefined) return target + pointer.slice(end);
    }
    return undefined;
  };
  return {
    find(pointer) {
      let wanted = pointer;
      for (;;) {
        const place = places.get(wanted);
        if (place !== undefined) return place;
        // An anchor stands before its aliases, so each step leads further up in the text, and this ends.
        const target = throughAlias(wanted);
        if (target !== undefined) wanted = target;
        else if (wanted === '') return ROOT;
        else wanted = wanted.slice(0, Math.max(0, wanted.lastIndexOf('/')));
      }
    },
  };
}
