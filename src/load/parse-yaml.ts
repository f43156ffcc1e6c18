import { Composer } from 'yaml';
import type { Json } from '../kernel/json.js';
import { FILE_MAX_DIAGNOSTICS } from './limits.js';
import type { NodeIndex } from './node-index.js';
import { readNodes } from './read-nodes.js';
import type { YamlProblem } from './yaml-problem.js';
import { explainSyntaxError } from './syntax-errors.js';
import { plainYamlError } from './plain-yaml.js';
import { readTokens } from './yaml-tokens.js';

export interface ParsedYaml {
  /** undefined when the text is not YAML: then there are problems. */
  readonly value: Json | undefined;
  readonly problems: readonly YamlProblem[];
  /** null when the text was not parsed at all. */
  readonly index: NodeIndex | null;
}

/** How many tokens may still be read in full, for all documents of a file together: it takes some 2 µs for each. */
export interface TokenBudget {
  tokens: number;
}

/**
 * The full reader of one YAML document: positions of everything, and a problem for everything that is wrong. An order of
 * magnitude slower than `readPlainYaml`, so it is for what that one does not accept and for whoever asks for a position.
 * Ends in a problem when the budget does not reach.
 */
export function parseYaml(
  text: string,
  budget: TokenBudget = { tokens: Number.POSITIVE_INFINITY },
): ParsedYaml {
  const read = readTokens(text, budget.tokens);
  if (read.outcome === 'too deep') {
    const message = 'nested far deeper than 32 levels';
    return unread({ ...WHOLE, code: 'yaml-depth', message, ...spot(read.offset) });
  }
  if (read.outcome === 'too many') {
    budget.tokens = 0;
    const error = plainYamlError(text);
    if (error !== undefined) return unread(gateProblem(error));
    const message = 'something is wrong in this document, which has too many values to find out what';
    return unread({ ...WHOLE, code: 'file-too-large', message, hint: 'split the file into smaller ones' });
  }
  budget.tokens -= read.cost;
  const composer = new Composer({
    version: '1.2',
    schema: 'core',
    merge: false,
    strict: true,
    // Looking for equal keys is quadratic there; the node reader does it in one pass.
    uniqueKeys: false,
    resolveKnownTags: false,
  });
  const [document, second] = [...composer.compose(read.tokens, true, text.length)];
  if (document === undefined) throw new Error('the composer gives a document even for no text');
  const { value, problems, index, unclosed } = readNodes(document, text);
  const syntax: YamlProblem[] = [];
  const errors = [
    ...document.errors.slice(0, ERRORS_EXPLAINED),
    ...document.warnings.slice(0, ERRORS_EXPLAINED),
  ];
  for (const error of errors) {
    const problem = explainSyntaxError(error, errors, text, unclosed);
    if (problem) syntax.push(problem);
  }
  if (second !== undefined) {
    const message = 'another document begins here without --- before it';
    syntax.push({
      ...WHOLE,
      code: 'yaml-syntax',
      message,
      hint: 'write --- on a line of its own',
      ...spot(second.range[0]),
    });
  }
  if (syntax.length === 0) return { value, problems, index };
  return { value: undefined, problems: independent(problems, syntax, text), index };
}

function gateProblem({ reason, position }: { reason: string; position: number }): YamlProblem {
  const place = { ...WHOLE, ...spot(position) };
  if (reason.startsWith('duplicated')) {
    return {
      ...place,
      code: 'duplicate-key',
      message: 'a key stands twice in its map',
      hint: 'keep one of them',
    };
  }
  return {
    ...place,
    code: 'yaml-syntax',
    message: reason,
    hint: 'check the quotes and brackets before this',
  };
}

const ERRORS_EXPLAINED = 3 * FILE_MAX_DIAGNOSTICS;
const WHOLE = { hint: 'flatten it', pointer: '', start: 0, end: 1 };

function unread(problem: YamlProblem): ParsedYaml {
  return { value: undefined, problems: [problem], index: null };
}

function spot(position: number): { start: number; end: number } {
  return { start: position, end: position + 1 };
}

/**
 * Errors that follow from another are noise: of each line only one stays, the one that knows most. Past a syntax error
 * what the node reader found wrong with keys on the same line is its echo.
 */
function independent(
  found: readonly YamlProblem[],
  syntax: readonly YamlProblem[],
  text: string,
): YamlProblem[] {
  const byLine = new Map<number, { readonly problem: YamlProblem; readonly rank: number }>();
  const add = (problem: YamlProblem, rank: number): void => {
    const line = text.lastIndexOf('\n', problem.start - 1);
    const known = byLine.get(line);
    if (known === undefined || rank > known.rank) byLine.set(line, { problem, rank });
  };
  for (const problem of found) add(problem, RANKS[problem.code] ?? 0);
  for (const problem of syntax) add(problem, RANKS[problem.code] ?? 1);
  return [...byLine.values()].map(({ problem }) => problem);
}

const RANKS: Partial<Record<YamlProblem['code'], number>> = {
  'template-unquoted': 3,
  'yaml-alias': 2,
  'yaml-tag': 2,
  'yaml-depth': 2,
};
