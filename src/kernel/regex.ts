import { RE2JS, RE2JSException } from 're2js';

/** A linear-time regular expression (RE2 syntax). */
export interface Regex {
  readonly pattern: string;
  readonly ignoreCase: boolean;
  /** Whether it finds a match anywhere in the text. */
  test(text: string): boolean;
  /** A string every match must contain, or null: what an index may look for before it asks the expression. */
  readonly requiredLiteral: string | null;
}

export interface RegexProblem {
  readonly message: string;
  readonly hint: string;
}

const MAX_PATTERN_LENGTH = 2_000;
const CACHE_SIZE = 20_000;
const cache = new Map<string, RE2JS>();

/** Equal patterns share one compiled program: compiling costs about a hundred times a test. */
function compiled(pattern: string, ignoreCase: boolean): RE2JS {
  const key = `${ignoreCase ? 'i' : 'c'}${pattern}`;
  let program = cache.get(key);
  if (program === undefined) {
    program = RE2JS.compile(pattern, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
    if (cache.size >= CACHE_SIZE) cache.clear();
    cache.set(key, program);
  }
  return program;
}

/**
 * The expression ready to test, compiled at its first test. Call `regexProblem` first for text a person wrote: a bad
 * pattern throws here at the first test.
 */
export function createRegex(pattern: string, ignoreCase: boolean): Regex {
  let program: RE2JS | undefined;
  const literal = ignoreCase ? null : requiredLiteral(pattern);
  return {
    pattern,
    ignoreCase,
    requiredLiteral: literal,
    test(text) {
      // Looking for a literal costs a tenth of running the expression, and most texts do not have it.
      if (literal !== null && !text.includes(literal)) return false;
      program ??= compiled(pattern, ignoreCase);
      return program.test(text);
    },
  };
}

const LOOK_AROUND = /\(\?(?:[=!]|<[=!])/;
const BACK_REFERENCE = /\\[1-9]/;

/** What is wrong with a pattern and how to say it otherwise, or undefined when it is fine. */
export function regexProblem(pattern: string): RegexProblem | undefined {
  if (pattern.length > MAX_PATTERN_LENGTH) {
    return {
      message: `the pattern is longer than ${MAX_PATTERN_LENGTH} characters`,
      hint: 'split it into several tests under any:',
    };
  }
  try {
    compiled(pattern, false);
    return undefined;
  } catch (cause) {
    if (LOOK_AROUND.test(pattern)) {
      return {
        message: 'look-around ((?=…), (?!…), (?<=…), (?<!…)) is not part of RE2 syntax',
        hint: 'put what must not match in a second test: not_matches, or all:/none: around two matches tests',
      };
    }
    if (BACK_REFERENCE.test(pattern)) {
      return {
        message: 'back-references (\\1) are not part of RE2 syntax',
        hint: 'compare two fields with equal: { field: … }, or write the alternatives out',
      };
    }
    const reason = cause instanceof RE2JSException || cause instanceof Error ? cause.message : String(cause);
    return {
      message: `not a regular expression in RE2 syntax: ${reason}`,
      hint: 'escape a literal character with a backslash, and close every ( and [',
    };
  }
}

/**
 * The longest literal every match must contain, found by a scan that gives up whenever it is not sure: alternation,
 * flags, groups and classes end a run of literal characters; a character that may be absent is not part of one.
 */
function requiredLiteral(pattern: string): string | null {
  let best = '';
  let run = '';
  const endRun = (): void => {
    if (run.length > best.length) best = run;
    run = '';
  };
  let i = 0;
  while (i < pattern.length) {
    const c = pattern[i] as string;
    if (c === '|') return null;
    if (c === '(') {
      if (pattern[i + 1] === '?' && !/^\(\?(?::|P?<\w+>)/.test(pattern.slice(i, i + 40))) return null;
      endRun();
      const after = skipGroup(pattern, i);
      if (after === undefined) return null;
      i = after;
      continue;
    }
    if (c === '[') {
      endRun();
      const after = skipClass(pattern, i);
      if (after === undefined) return null;
      i = after;
      continue;
    }
    if (c === '*' || c === '?' || c === '{') {
      run = dropLastCharacter(run);
      endRun();
      if (c === '{') {
        const close = pattern.indexOf('}', i);
        if (close < 0) return null;
        i = close;
      }
      i++;
      continue;
    }
    if (c === '+') {
      endRun();
      i++;
      continue;
    }
    if (c === '.' || c === '^' || c === '$') {
      endRun();
      i++;
      continue;
    }
    if (c === '\\') {
      const next = pattern[i + 1];
      if (next === undefined) return null;
      if (/[A-Za-z0-9]/.test(next)) {
        if (!/[dDwWsSbBAz]/.test(next)) return null;
        endRun();
      } else {
        run += next;
      }
      i += 2;
      continue;
    }
    run += c;
    i++;
  }
  endRun();
  return best.length > 0 ? best : null;
}

/** Without its last code point: a quantifier binds a whole code point, not half a surrogate pair. */
function dropLastCharacter(run: string): string {
  const last = run.charCodeAt(run.length - 1);
  return run.slice(0, last >= 0xdc00 && last <= 0xdfff ? -2 : -1);
}

function skipGroup(pattern: string, open: number): number | undefined {
  let depth = 0;
  for (let i = open; i < pattern.length; ) {
    const c = pattern[i];
    if (c === '\\') {
      if (pattern[i + 1] === 'Q') return undefined;
      i += 2;
      continue;
    }
    if (c === '[') {
      const after = skipClass(pattern, i);
      if (after === undefined) return undefined;
      i = after;
      continue;
    }
    if (c === '(') {
      depth++;
    } else if (c === ')') {
      depth--;
      if (depth === 0) return i + 1;
    }
    i++;
  }
  return undefined;
}

function skipClass(pattern: string, open: number): number | undefined {
  let i = open + 1;
  if (pattern[i] === '^') i++;
  if (pattern[i] === ']') i++;
  while (i < pattern.length) {
    const c = pattern[i];
    if (c === '\\') {
      if (pattern[i + 1] === 'Q') return undefined;
      i += 2;
    } else if (c === '[' && pattern[i + 1] === ':') {
      const close = pattern.indexOf(':]', i);
      if (close < 0) return undefined;
      i = close + 2;
    } else if (c === ']') {
      return i + 1;
    } else {
      i++;
    }
  }
  return undefined;
}
