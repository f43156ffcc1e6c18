/** The end of the line that holds an offset, its line break left out. */
export function lineEnd(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

/** User text cut to fit into a message. */
export function cut(text: string): string {
  const line = text.slice(0, 200).replaceAll(/\s+/g, ' ');
  return line.length <= 60 ? line : `${line.slice(0, 59)}…`;
}

/** A YAML quoting of a text, for a hint. */
export function quoted(text: string): string {
  const line = cut(text.trimEnd());
  return line.includes('"') || line.includes('\\') ? `'${line.replaceAll("'", "''")}'` : `"${line}"`;
}

/** How to mend a value that starts with a template at this offset: the whole value belongs into quotes. */
export function templateHint(text: string, start: number): string {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  // Inside { } or [ ] it is anybody's guess where the value should end.
  if (/[{[]/.test(text.slice(lineStart, start))) return 'put the whole value in quotes';
  const value = text.slice(start, Math.min(lineEnd(text, start), start + 200)).replace(/\s+#.*$/, '');
  return `put the value in quotes: ${quoted(value)}`;
}

/** What to do about a key (ending at this offset) that has nothing after it: mostly there was something. */
export function emptyValueHint(name: string, text: string, keyEnd: number): string {
  const after = text.slice(keyEnd, lineEnd(text, keyEnd));
  const comment = /^\s*:[ \t]+(#\S.*)/.exec(after)?.[1];
  if (comment !== undefined) {
    return `# starts a comment: to mean the text, put it in quotes: ${cut(name)}: ${quoted(comment)}`;
  }
  const anchor = /^\s*:[ \t]+(&\S+)/.exec(after)?.[1];
  if (anchor !== undefined) return `${cut(anchor)} is a YAML anchor: put it in quotes if it is meant as text`;
  if (/^[^:]+:[^:]/.test(name)) return 'put a space after the colon inside { }';
  if (/^[ ,}]/.test(after)) return `write { ${cut(name)}: value }`;
  return 'give it a value; write null (or ~) if null is meant';
}
