/** One document of a YAML stream: its text from `start` on, its own `---` included. */
export interface YamlPart {
  readonly start: number;
  readonly text: string;
  /** False for a part of nothing but comments and white space. */
  readonly hasContent: boolean;
  /** Offset of the first directive other than `%YAML 1.2`, from `start`; -1 without. */
  readonly badDirective: number;
}

const MARKER = /^(?:---|\.\.\.)(?=[ \t\r\n]|$)/;
const BLANK = /^[ \t]*(?:#.*)?\r?$/;
const PLAIN_DIRECTIVE = /^%YAML[ \t]+1\.2[ \t]*(?:#.*)?\r?$/;

/**
 * Cuts a stream at its `---` and `...` lines, so that one broken document hides no other. A marker at the start of a
 * line always ends the document, even inside quotes and block scalars (YAML 1.2.2, production 206, c-forbidden).
 */
export function splitDocuments(text: string): YamlPart[] {
  const parts: YamlPart[] = [];
  let start = 0;
  let hasContent = false;
  let begun = false;
  let badDirective = -1;
  const close = (end: number): void => {
    if (end > start) parts.push({ start, text: text.slice(start, end), hasContent, badDirective });
    start = end;
    hasContent = begun = false;
    badDirective = -1;
  };
  let at = 0;
  while (at < text.length) {
    const newline = text.indexOf('\n', at);
    const next = newline === -1 ? text.length : newline + 1;
    const first = text.charCodeAt(at);
    if ((first === 45 || first === 46) && MARKER.test(text.slice(at, at + 4))) {
      if (first === 46) {
        close(next);
      } else {
        if (begun) close(at);
        begun = true;
        hasContent = !BLANK.test(text.slice(at + 3, newline === -1 ? next : newline));
      }
    } else if (first === 37 && !begun) {
      const line = text.slice(at, newline === -1 ? next : newline);
      if (!PLAIN_DIRECTIVE.test(line) && badDirective === -1) badDirective = at - start;
    } else if (!hasContent && !BLANK.test(text.slice(at, newline === -1 ? next : newline))) {
      begun = hasContent = true;
    }
    at = next;
  }
  close(text.length);
  return parts;
}
