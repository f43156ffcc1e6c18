import { type CST, Lexer, Parser } from 'yaml';

/**
 * More levels than 32 of the language can make in the parser, far from where `yaml` gets into danger: some six hundred
 * open brackets, parsed twice, make version 2.9 abort the whole process on Node 20, which no try/catch can stop.
 */
const SAFE_LEVELS = 128;
/** A node property, or an error with its stack trace, costs what so many ordinary tokens do. */
const COSTLY = 8;

export type YamlTokens =
  /** The top level of the concrete syntax tree, ready to be composed into documents. */
  | { readonly outcome: 'read'; readonly tokens: readonly CST.Token[]; readonly cost: number }
  | { readonly outcome: 'too deep'; readonly offset: number }
  | { readonly outcome: 'too many' };

/**
 * The first half of parsing with `yaml`, done one token at a time: so it can stop as soon as the text nests too deep or
 * costs more than `maxCost` (some 2 µs of full reading each). The parser's own stack is the only thing that knows how deep
 * it nests: in broken YAML that has little to do with indentation and brackets.
 */
export function readTokens(text: string, maxCost: number): YamlTokens {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  let cost = 0;
  let open = 0;
  let before = 0;
  let offset = 0;
  for (const lexeme of new Lexer().lex(text)) {
    const first = lexeme.charCodeAt(0);
    cost += isCostly(first, before, open) ? COSTLY : 1;
    if (cost > maxCost) return { outcome: 'too many' };
    if (first !== 0x20) before = first;
    if (lexeme === '[' || lexeme === '{') open++;
    else if (lexeme === ']' || lexeme === '}') open = Math.max(0, open - 1);
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (parser.stack.length > SAFE_LEVELS) return { outcome: 'too deep', offset };
    // Two of the lexer's tokens are marks that are not in the text: a document begins, a scalar comes next.
    if (first !== 0x02 && first !== 0x1f && first !== 0x18) offset += lexeme.length;
  }
  for (const token of parser.end()) tokens.push(token);
  return { outcome: 'read', tokens, cost };
}

/** Node properties, directives, and what is most likely an error: quotes or commas in a row, closing what is not open. */
function isCostly(first: number, before: number, open: number): boolean {
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
      return open === 0;
    default:
      return false;
  }
}
