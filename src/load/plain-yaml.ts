import { FAILSAFE_SCHEMA, load, type State, Type, YAMLException } from 'js-yaml';
import { type Json, setOwn } from '../kernel/json.js';
import { YAML_MAX_DEPTH } from './limits.js';
import { hasOpenLine } from './open-lines.js';
import { createSharedValues, type SharedValues } from './shared-values.js';

/** js-yaml counts a scalar, and the try whether a flow collection is a key, as levels of their own. */
const GATE_DEPTH = YAML_MAX_DEPTH + 8;

/** A scalar that is no string, with the text it was written as: a key keeps the text, an explicit null is told from nothing. */
class Scalar {
  readonly value: number | boolean | null;
  readonly source: string;
  constructor(value: number | boolean | null, source: string) {
    this.value = value;
    this.source = source;
  }
  // js-yaml turns keys into strings with String(), except plain objects: the tag makes this one go through toString().
  get [Symbol.toStringTag](): string {
    return 'Scalar';
  }
  toString(): string {
    return this.source;
  }
}

function scalarType(name: string, pattern: RegExp, read: (text: string) => number | boolean | null): Type {
  return new Type(`tag:yaml.org,2002:${name}`, {
    kind: 'scalar',
    resolve: (data) => typeof data === 'string' && pattern.test(data),
    construct: (data) => new Scalar(read(data as string), data as string),
  });
}

/**
 * The YAML 1.2 core schema exactly as the `yaml` library has it (js-yaml's own core schema also reads `0b1` and signed
 * hexadecimal numbers). Source: YAML 1.2.2, section 10.3.2.
 */
const CORE = FAILSAFE_SCHEMA.extend({
  implicit: [
    scalarType('null', /^(?:~|[Nn]ull|NULL)$/, () => null),
    scalarType('bool', /^(?:[Tt]rue|TRUE|[Ff]alse|FALSE)$/, (text) => text[0] === 't' || text[0] === 'T'),
    scalarType('int', /^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$/, (text) => {
      if (text.startsWith('0o')) return Number.parseInt(text.slice(2), 8);
      return Number.parseInt(text, text.startsWith('0x') ? 16 : 10);
    }),
    scalarType(
      'float',
      /^(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/,
      (text) => (/[iIaA]/.test(text) ? Number.NaN : Number.parseFloat(text)),
    ),
  ],
});

// Where two YAML readers may disagree, or where the reader below cannot see what was written: control characters, tabs,
// stray carriage returns, anchors but those of a key's list or map on the lines below, tags, explicit and empty keys,
// directives and markers with something behind them, comments without a space before them, block scalars with a header of
// their own, lines of spaces alone, characters by code point.
const UNUSUAL =
  /[^\n\r\x20-\x7e\u00a0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]|\r(?!\n)|(?:^|[\s,[{(:?-])(?:&(?!(?<=\w: &)[\w-]+\r?\n(?: *(?:#.*)?\r?\n)* +(?:- |[\w.]+:[ \r\n]))\S|!|\?(?:\s|$))|^%|^(?:---|\.\.\.).*\S|[{[,]\s*:|[\]},|>+-]#|[|>]-?[\d+]|^ *[|>]|^ +\r?$|\\U/mu;

/** Wherever there may be one. Without an anchor every alias is an error. */
const ANCHOR = /\w: &[\w-]+\r?$/m;
const ALIAS = /(?:^|[\s,[{(:?-])\*[^\s*]/gm;
const ALIAS_AS_KEY = /\*[^\s*:]*\s*:/;

/** js-yaml turns a collection that is a key into some text. Most of these are none: a template with a colon behind it. */
const MAYBE_COMPLEX_KEY = /[\]}]\s*:/;
const AHEAD = /\s*:/y;

/** Called by js-yaml at the beginning and at the end of every node. */
function refuseComplexKey(event: 'open' | 'close', { kind, input, position }: State): void {
  if (event === 'open' || (kind !== 'mapping' && kind !== 'sequence')) return;
  AHEAD.lastIndex = position;
  if (AHEAD.test(input)) throw new NotPlain();
}

/** What makes the value worth a closer look; thrown inside this file only. */
class NotPlain extends Error {}

function unwrap(value: unknown, depth: number, shared: SharedValues | null): Json {
  if (typeof value === 'string') return value;
  if (value instanceof Scalar) {
    const plain = value.value;
    if (typeof plain !== 'number') return plain;
    if (!Number.isFinite(plain)) throw new NotPlain();
    if (Number.isInteger(plain) && !Number.isSafeInteger(plain)) throw new NotPlain();
    return plain === 0 ? 0 : plain;
  }
  // A bare null is a key or list item with nothing behind it.
  if (typeof value !== 'object' || value === null || depth >= YAML_MAX_DEPTH) throw new NotPlain();
  const entered = shared?.enter(value) ?? 'new';
  if (entered === 'too much') throw new NotPlain();
  if (entered === 'known') return value as Json;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) value[i] = unwrap(value[i], depth + 1, shared);
  } else {
    const map = value as Record<string, unknown>;
    for (const key of Object.keys(map)) {
      const member = map[key];
      if (typeof member !== 'string') setOwn(map, key, unwrap(member, depth + 1, shared));
    }
  }
  shared?.leave(value);
  return value as Json;
}

function loadPlain(text: string): unknown {
  const listener = MAYBE_COMPLEX_KEY.test(text) ? refuseComplexKey : null;
  return load(text, { schema: CORE, maxDepth: GATE_DEPTH, maxTotalMergeKeys: 0, listener });
}

/**
 * The value of one YAML document in which everything is as it should be and nothing is exotic; undefined otherwise, and
 * then the full reader says what is wrong (or right after all). Several times as fast as the full reader, with which it
 * agrees on every text it accepts; it bounds nesting, so what it accepts is safe for the full reader too.
 */
export function readPlainYaml(text: string): Json | undefined {
  // Of brackets and quotes over several lines js-yaml takes more than YAML allows.
  if (UNUSUAL.test(text) || hasOpenLine(text)) return undefined;
  const hasAnchor = ANCHOR.test(text);
  if (hasAnchor && ALIAS_AS_KEY.test(text)) return undefined;
  const shared = hasAnchor ? createSharedValues(text.match(ALIAS)?.length ?? 0) : null;
  try {
    return unwrap(loadPlain(text), 0, shared);
  } catch (error) {
    if (error instanceof NotPlain || error instanceof YAMLException) return undefined;
    throw error;
  }
}

/** The first thing that makes a text no YAML, in the words of js-yaml; undefined when it finds nothing or must not look. */
export function plainYamlError(
  text: string,
): { readonly reason: string; readonly position: number } | undefined {
  // A key made of many aliases of a long text would fill the memory.
  if (UNUSUAL.test(text) || ANCHOR.test(text)) return undefined;
  try {
    loadPlain(text);
    return undefined;
  } catch (error) {
    if (error instanceof NotPlain) return undefined;
    if (error instanceof YAMLException) return { reason: error.reason, position: error.mark?.position ?? 0 };
    throw error;
  }
}
