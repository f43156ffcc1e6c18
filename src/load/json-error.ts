/**
 * What is wrong with a text that JSON.parse refuses, for a person: where, and how to mend what is wrong most often. (The
 * messages of JSON.parse name a position on some versions of Node, for some errors.)
 */
export function describeJsonError(
  text: string,
  withLine: boolean,
): { readonly message: string; readonly hint: string } {
  const at = jsonErrorOffset(text);
  const column = at - text.lastIndexOf('\n', at - 1);
  const where = withLine ? `line ${countLines(text, at)}, column ${column}` : `column ${column}`;
  return { message: `not JSON at ${where}`, hint: hintFor(text, at) };
}

const LITERAL = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/y;
const SPACE = /[ \t\r\n]*/y;

/** Offset of the first character that cannot stand where it stands; the text's length when it ends too early. */
export function jsonErrorOffset(text: string): number {
  const closers: string[] = [];
  let at = 0;
  const eat = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found === undefined) return false;
    at += found.length;
    return found !== '';
  };
  const eatString = (): boolean => {
    const start = at;
    if (!eat(STRING) || text[at] !== '"' || at === start) return false;
    at++;
    return true;
  };
  let wanted: 'value' | 'first value' | 'key' | 'first key' | 'comma' = 'value';
  for (;;) {
    eat(SPACE);
    const sign = text[at];
    if (sign === undefined) return at;
    switch (wanted) {
      case 'first key':
      case 'key':
        if (sign === '}' && wanted === 'first key') {
          at++;
          closers.pop();
          wanted = 'comma';
          break;
        }
        if (!eatString()) return at;
        eat(SPACE);
        if (text[at] !== ':') return at;
        at++;
        wanted = 'value';
        break;
      case 'first value':
      case 'value':
        if (sign === ']' && wanted === 'first value') {
          at++;
          closers.pop();
          wanted = 'comma';
        } else if (sign === '{' || sign === '[') {
          at++;
          closers.push(sign === '{' ? '}' : ']');
          wanted = sign === '{' ? 'first key' : 'first value';
        } else if (sign === '"' ? eatString() : eat(LITERAL)) {
          wanted = 'comma';
        } else {
          return at;
        }
        break;
      case 'comma':
        if (closers.length > 0 && sign === closers.at(-1)) {
          at++;
          closers.pop();
        } else if (closers.length > 0 && sign === ',') {
          at++;
          wanted = closers.at(-1) === '}' ? 'key' : 'value';
        } else {
          return at;
        }
        break;
    }
  }
}

function countLines(text: string, before: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < before; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

function hintFor(text: string, at: number): string {
  const sign = text[at];
  const before = text.slice(Math.max(0, at - 40), at).trimEnd();
  if (sign === undefined) return 'the text ends too early: a bracket or quote is not closed';
  if (sign === '\\') return 'not an escape sequence that JSON has; a backslash itself is written \\\\';
  if (sign < ' ') return 'a line break or tab inside a text is written \\n or \\t';
  if (sign === "'") return 'JSON has double quotes only';
  if ((sign === '}' || sign === ']') && before.endsWith(','))
    return 'remove the comma before the closing bracket';
  if (sign === '/' || sign === '#') return 'JSON has no comments';
  if (/^(?:-?(?:NaN|Infinity)|undefined|None|True|False)/.test(text.slice(at, at + 10)))
    return 'the values of JSON are numbers, texts, true, false, null, lists and objects';
  if (/[A-Za-z_]/.test(sign) && /[{,]$/.test(before)) return 'put the key in double quotes';
  if (sign === '{' && before.endsWith('}')) return 'put each event on a line of its own';
  if (/[\w}\]"]$/.test(before)) return 'a comma or colon is missing before this';
  return 'one JSON object is expected for each event';
}
