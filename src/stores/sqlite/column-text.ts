const UNPAIRED_SURROGATE = /\p{Surrogate}/u;
const ESCAPED = '\u0000';

/**
 * An id as a column keeps it. SQLite stores UTF-8, which has no unpaired surrogates: all of them would become the same
 * replacement character, and two ids one. Such an id is kept as its JSON text.
 */
export function toColumn(text: string): string {
  return UNPAIRED_SURROGATE.test(text) || text.startsWith(ESCAPED) ? ESCAPED + JSON.stringify(text) : text;
}

/** The id that `toColumn` made the text of. */
export function fromColumn(text: string): string {
  return text.startsWith(ESCAPED) ? (JSON.parse(text.slice(1)) as string) : text;
}
