import { Lexer } from 'yaml';

/** Deeper than any document the language takes, far from where the parser of `yaml` gets into danger. */
export const SAFE_NESTING = 128;

/** A node property, or an error with its stack trace, costs what so many ordinary tokens do. */
const COSTLY = 8;

/** What the lexer of `yaml` finds in a text. */
export interface YamlMeasure {
  /** At least how deep the parser would nest, counted no further than just past `SAFE_NESTING`. */
  readonly nesting: number;
  /** Counted no further than just past the limit; node properties and errors count for what they cost. */
  readonly tokens: number;
}

/**
 * Measures a text before the parser of `yaml` sees it: its time goes with the number of tokens, its stack with nesting. Asked
 * before every parse: some six hundred open brackets in a row, parsed twice, make `yaml` 2.9 abort the whole process on
 * Node 20, which no try/catch can stop. The lexer itself does not recurse.
 *
 * Inside brackets the depth is exact. For block style it is an upper bound: every line adds its `-`, `?` and `:` and one
 * level for its map to the lines it is indented under.
 */
export function measureYaml(text: string, maxTokens: number): YamlMeasure {
  const indents: number[] = [];
  const levels: number[] = [];
  let outer = 0;
  let here = 1;
  let indent = 0;
  let atLineStart = true;
  let flow = 0;
  let deepest = 0;
  let scalarNext = false;
  let tokens = 0;
  let before = 0;
  for (const token of new Lexer().lex(text)) {
    const first = token.charCodeAt(0);
    tokens += isCostly(first, before, flow) ? COSTLY : 1;
    if (tokens > maxTokens) break;
    if (first !== 0x20) before = first;
    if (scalarNext) {
      scalarNext = false;
      // A block scalar takes its last line break with it.
      if (flow === 0 && token.endsWith('\n')) {
        atLineStart = true;
        indent = 0;
      }
      continue;
    }
    switch (first) {
      case 0x0a:
      case 0x0d:
        if (flow === 0 && (first === 0x0a || token === '\r\n')) {
          atLineStart = true;
          indent = 0;
        }
        continue;
      case 0x20:
        if (atLineStart) indent = token.length;
        continue;
      case 0x02:
      case 0x23:
        continue;
      case 0x1f:
        scalarNext = true;
        break;
      default:
    }
    if (atLineStart) {
      atLineStart = false;
      // The line before becomes one of those this line may be indented under.
      while (indents.length > 0 && (indents.at(-1) as number) >= indent) {
        indents.pop();
        outer -= levels.pop() as number;
      }
      indents.push(indent);
      levels.push((here = 2));
      outer += here;
    }
    if (token === '[' || token === '{') flow++;
    else if (token === ']' || token === '}') flow = Math.max(0, flow - 1);
    else if (first === 0x18) flow = 0;
    else if (flow === 0 && (token === '-' || token === '?' || token === ':')) {
      here++;
      outer++;
      levels[levels.length - 1] = here;
    }
    if (outer + flow > deepest) {
      deepest = outer + flow;
      if (deepest > SAFE_NESTING) break;
    }
  }
  return { nesting: deepest, tokens };
}

/** Node properties, directives, and what is most likely an error: quotes or commas in a row, closing what is not open. */
function isCostly(first: number, before: number, flow: number): boolean {
  switch (first) {
    case 0x21: // !
    case 0x25: // %
    case 0x26: // &
    case 0x2a: // *
      return true;
    case 0x22: // "
    case 0x27: // '
      return before === 0x22 || before === 0x27;
    case 0x2c: // ,
      return before === 0x2c || before === 0x5b || before === 0x7b;
    case 0x5d: // ]
    case 0x7d: // }
      return flow === 0;
    default:
      return false;
  }
}
