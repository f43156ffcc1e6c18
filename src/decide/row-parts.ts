import type { StateRow } from '../ports/store.js';

/** A row's text may be so long before it is kept in parts. */
export const INLINE_MAX_CHARS = 16_384;

/** Stands in a row for a part of it, by number. */
const REFERENCE = '#';

/** The part's number, and the last writing that came upon it. */
interface Part {
  readonly sequence: number;
  pass: number;
}
interface Parts {
  readonly known: Map<object, Part>;
  next: number;
}

/**
 * Keeps large rows in parts: the events in a slice never change once they are there, so each is a row of its own, written
 * when it comes and removed when it goes, and the group's row only refers to them. Otherwise a window of thousands of events
 * would be written anew with each.
 */
export interface RowParts {
  /** The row's text, and what changes of its parts. */
  write(rowKey: string, row: object): { readonly text: string; readonly changes: readonly StateRow[] };
  /** The row's text and its parts as they were written last. */
  read(
    rowKey: string,
    row: object,
  ): { readonly text: string; readonly parts: readonly { readonly key: string; readonly value: string }[] };
  /** The row is gone: its parts go with it. */
  forget(rowKey: string): readonly StateRow[];
  /** The parts of a row that was put back, by number. */
  adopt(rowKey: string, parts: ReadonlyMap<number, object>): void;
}

export function createRowParts(inlineMaxChars: number): RowParts {
  const rows = new Map<string, Parts>();
  let passes = 0;
  return {
    write(rowKey, row) {
      const before = rows.get(rowKey);
      if (before === undefined) {
        const text = JSON.stringify(row);
        if (text.length <= inlineMaxChars) return { text, changes: [] };
      }
      const parts: Parts = before ?? { known: new Map(), next: 0 };
      const pass = ++passes;
      const changes: StateRow[] = [];
      const text = textOf(row, (object) => {
        let part = parts.known.get(object);
        if (part === undefined) {
          part = { sequence: parts.next++, pass };
          parts.known.set(object, part);
          changes.push({ key: partKey(rowKey, part.sequence), value: JSON.stringify(object) });
        }
        part.pass = pass;
        return part;
      });
      for (const [object, part] of parts.known) {
        if (part.pass === pass) continue;
        parts.known.delete(object);
        changes.push({ key: partKey(rowKey, part.sequence), value: null });
      }
      if (parts.known.size > 0) {
        rows.set(rowKey, parts);
        return { text, changes };
      }
      rows.delete(rowKey);
      return { text: JSON.stringify(row), changes };
    },
    read(rowKey, row) {
      const parts = rows.get(rowKey);
      if (parts === undefined) return { text: JSON.stringify(row), parts: [] };
      return {
        text: textOf(row, (object) => parts.known.get(object)),
        parts: [...parts.known].map(([object, { sequence }]) => ({
          key: partKey(rowKey, sequence),
          value: JSON.stringify(object),
        })),
      };
    },
    forget(rowKey) {
      const parts = rows.get(rowKey);
      if (parts === undefined) return [];
      rows.delete(rowKey);
      return [...parts.known.values()].map(({ sequence }) => ({
        key: partKey(rowKey, sequence),
        value: null,
      }));
    },
    adopt(rowKey, parts) {
      const known = new Map([...parts].map(([sequence, object]) => [object, { sequence, pass: passes }]));
      let next = 0;
      for (const sequence of parts.keys()) next = Math.max(next, sequence + 1);
      rows.set(rowKey, { known, next });
    },
  };
}

const KIND = '\npart\n';

/** Whether a key is that of a part. */
export function isPartRow(key: string): boolean {
  return key.startsWith(KIND, key.indexOf('\n'));
}

/** Key of a part; the other way round `rowOfPart`. */
function partKey(rowKey: string, sequence: number): string {
  const end = rowKey.indexOf('\n');
  return `${rowKey.slice(0, end)}${KIND}${sequence} ${rowKey.slice(end + 1)}`;
}

/** Which row a part belongs to, and its number there. */
export function rowOfPart(key: string): { readonly rowKey: string; readonly sequence: number } {
  const end = key.indexOf('\n');
  const number = end + KIND.length;
  const space = key.indexOf(' ', number);
  return {
    rowKey: `${key.slice(0, end)}\n${key.slice(space + 1)}`,
    sequence: Number(key.slice(number, space)),
  };
}

/** Puts a row together again that was written in parts; undefined when one of them is missing. */
export function joinParts(text: string, parts: ReadonlyMap<number, object>): unknown {
  let isWhole = true;
  const row: unknown = JSON.parse(text, (_key, value: unknown) => {
    if (!isObject(value) || !Object.hasOwn(value, REFERENCE)) return value;
    const part = parts.get(value[REFERENCE] as number);
    isWhole &&= part !== undefined;
    return part;
  });
  return isWhole ? row : undefined;
}

/** The row as text, with what is known of it as parts referred to. */
function textOf(row: object, partOf: (object: object) => Part | undefined): string {
  return JSON.stringify({ ...row, parts: true }, (_key, value: unknown) => {
    if (!isObject(value) || !isPart(value)) return value;
    const part = partOf(value);
    return part === undefined ? value : { [REFERENCE]: part.sequence };
  });
}

/** An event as slices keep it; and whatever a payload may bring that looks like a reference to one. */
function isPart(value: Readonly<Record<string, unknown>>): boolean {
  return ('event' in value && 'arrivedAt' in value && 'index' in value) || Object.hasOwn(value, REFERENCE);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
