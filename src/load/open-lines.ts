const NEWLINE = 10;
const SPACE = 0x20;

/** After these a quote opens a quoted text; elsewhere it is an apostrophe or an inch sign. */
function mayPrecedeQuote(sign: number): boolean {
  return (
    sign === SPACE || sign === NEWLINE || sign === 0x2c || sign === 0x5b || sign === 0x7b || sign === 0x3a
  );
}

/**
 * Whether a bracket or quote may be open at the end of some line of a YAML text. Told line by line, without knowing what a block scalar
 * is, so it may say yes where the answer is no, hardly ever the other way round. A `#` right behind a quote counts too: it
 * is neither comment nor text.
 */
export function hasOpenLine(text: string): boolean {
  let depth = 0;
  let quote = 0;
  let before = NEWLINE;
  for (let at = 0; at < text.length; at++) {
    const sign = text.charCodeAt(at);
    if (sign === NEWLINE) {
      if (depth !== 0 || quote !== 0) return true;
    } else if (quote !== 0) {
      if (sign === 0x5c && quote === 0x22 && text.charCodeAt(at + 1) !== NEWLINE) at++;
      else if (sign === 0x27 && quote === 0x27 && text.charCodeAt(at + 1) === 0x27) at++;
      else if (sign === quote) {
        quote = 0;
        if (text.charCodeAt(at + 1) === 0x23) return true;
      }
    } else if (sign === 0x22 || sign === 0x27) {
      if (mayPrecedeQuote(before)) quote = sign;
    } else if (sign === 0x5b || sign === 0x7b) {
      depth++;
    } else if (sign === 0x5d || sign === 0x7d) {
      depth--;
    } else if (sign === 0x23 && (before === SPACE || before === NEWLINE)) {
      const end = text.indexOf('\n', at);
      if (end === -1) break;
      at = end - 1;
    }
    before = sign;
  }
  return depth !== 0 || quote !== 0;
}
