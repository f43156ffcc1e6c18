/**
 * The plain texts between the `*` of a wildcard pattern; `\*` is a star itself. One part = no `*` at all, so the whole
 * text must be equal.
 */
export function wildcardParts(pattern: string): readonly string[] {
  return pattern.split(/(?<!\\)\*/).map((part) => part.replaceAll('\\*', '*'));
}
