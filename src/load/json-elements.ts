/** Where an element of a JSON text stands. */
export interface JsonElement {
  /** On which it begins, from 1. */
  readonly line: number;
  /** Of its text, in UTF-16 units. */
  readonly length: number;
}

/**
 * The elements of a JSON text that is one array; for any other value that value alone. The text has been parsed already,
 * so brackets and quotes are known to match.
 */
export function jsonElements(text: string): JsonElement[] {
  const elements: JsonElement[] = [];
  const first = /\S/.exec(text)?.index ?? 0;
  const isArray = text[first] === '[';
  const inside = isArray ? 1 : 0;
  let line = 1;
  let depth = 0;
  let start = -1;
  let startLine = 1;
  const close = (end: number): void => {
    if (start !== -1) elements.push({ line: startLine, length: end - start });
    start = -1;
  };
  for (let at = 0; at < text.length; at++) {
    const sign = text.charCodeAt(at);
    if (sign === 0x0a) line++;
    if (sign === 0x20 || (sign >= 0x09 && sign <= 0x0d)) continue;
    if (isArray && depth === 1 && (sign === 0x2c || sign === 0x5d)) close(at);
    else if (start === -1 && depth === inside) {
      start = at;
      startLine = line;
    }
    if (sign === 0x5b || sign === 0x7b) depth++;
    else if (sign === 0x5d || sign === 0x7d) depth--;
    else if (sign === 0x22) {
      for (at++; text.charCodeAt(at) !== 0x22; at++) if (text.charCodeAt(at) === 0x5c) at++;
    }
  }
  close(text.trimEnd().length);
  return elements;
}
