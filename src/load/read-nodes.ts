import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import type { DiagnosticCode } from '../kernel/codes.js';
import { type Json, setOwn } from '../kernel/json.js';
import { FILE_MAX_DIAGNOSTICS, YAML_MAX_ALIASES, YAML_MAX_DEPTH, YAML_MAX_EXPANDED_NODES } from './limits.js';
import { cut, lineEnd, quoted, templateHint } from './hint-text.js';
import { createNodeIndex, type NodeIndex } from './node-index.js';

/** Character offsets of a node and, for a member of a map, of its key. */
export interface YamlNodePlace {
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly start: number;
  readonly end: number;
}

/** Something wrong in a document, by character offsets within its text. */
export interface YamlProblem {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly hint: string | null;
  readonly pointer: string;
  readonly start: number;
  readonly end: number;
  /** Offset of what it is told together with (a duplicate's first key); the line is put into the message. */
  readonly other?: number;
}

export interface ReadNodes {
  readonly value: Json;
  readonly problems: readonly YamlProblem[];
  readonly index: NodeIndex;
  /** End offset of a flow collection or quoted scalar that is not closed → where it opens. */
  readonly unclosed: ReadonlyMap<number, number>;
}

interface Anchored {
  readonly value: Json;
  readonly pointer: string;
  readonly nodes: number;
  readonly expansions: number;
}

/** More than a file's diagnostics, as problems of one line count once. */
const PROBLEMS_KEPT = 10 * FILE_MAX_DIAGNOSTICS;
const QUOTE_HINT = 'put it in quotes if it is meant as text';

/**
 * Reads the nodes of one parsed document into plain JSON, noting on the way everything the rule language refuses. The
 * caller has bounded the nesting; this never throws. Where something is wrong the value is the nearest thing to what was
 * meant (a template as its text, the first of two equal keys), so that what follows can still be checked.
 */
export function readNodes(document: Document.Parsed, text: string): ReadNodes {
  const problems: YamlProblem[] = [];
  const places = new Map<string, YamlNodePlace>();
  const aliases = new Map<string, string>();
  const anchors = new Map<string, Anchored | 'open'>();
  const unclosed = new Map<number, number>();
  let nodes = 0;
  let expansions = 0;
  let aliasLimitReported = false;

  const report = (
    code: DiagnosticCode,
    pointer: string,
    [start, end]: readonly [number, number, ...unknown[]],
    message: string,
    hint: string | null,
    other?: number,
  ): void => {
    if (problems.length < PROBLEMS_KEPT)
      problems.push({ code, pointer, start, end, message, hint, ...(other === undefined ? {} : { other }) });
  };

  const rangeOf = (node: Node): [number, number] => (node.range ? [node.range[0], node.range[1]] : [0, 0]);

  /** A tag stands before its node; the node's own range leaves it out. */
  const reportTag = (node: Node, tag: string, pointer: string): void => {
    const nodeStart = rangeOf(node)[0];
    let start = Math.max(0, text.lastIndexOf('!', nodeStart));
    while (start > 0 && !/[\s,[{]/.test(text[start - 1] as string)) start--;
    const word = /^![^\s,[\]{}]*/.exec(text.slice(start, start + 80))?.[0];
    const at: [number, number] = word ? [start, start + word.length] : [nodeStart, nodeStart + 1];
    report('yaml-tag', pointer, at, `${word ?? tag} is a YAML tag`, QUOTE_HINT);
  };

  const readScalar = (node: Scalar, pointer: string): Json => {
    const { value } = node;
    if (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE') {
      const [start, end] = rangeOf(node);
      if (end - start < 2 || text[end - 1] !== text[start]) unclosed.set(end, start);
    }
    if (typeof value === 'number') {
      const source = node.source ?? String(value);
      if (!Number.isFinite(value)) {
        report(
          'wrong-value',
          pointer,
          rangeOf(node),
          `${cut(source)} is not a number that JSON has`,
          QUOTE_HINT,
        );
        return source;
      }
      if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
        report(
          'wrong-value',
          pointer,
          rangeOf(node),
          `${cut(source)} is beyond 2^53 and would lose digits as a number`,
          'put it in quotes',
        );
        return source;
      }
      return value === 0 ? 0 : value;
    }
    if (typeof value === 'string' || typeof value === 'boolean') return value;
    return null;
  };

  const readAlias = (node: Node & { source: string }, pointer: string): Json => {
    const anchor = anchors.get(node.source);
    if (anchor === undefined || anchor === 'open') {
      const what = anchor === 'open' ? 'refers to itself' : 'has no anchor before it';
      const hint = `a value that starts with * is a YAML alias: ${QUOTE_HINT}`;
      // An alias without a name is a syntax error already.
      if (node.source !== '')
        report('yaml-alias', pointer, rangeOf(node), `*${cut(node.source)} ${what}`, hint);
      return null;
    }
    expansions += 1 + anchor.expansions;
    nodes += anchor.nodes;
    if (expansions > YAML_MAX_ALIASES || nodes > YAML_MAX_EXPANDED_NODES) {
      if (!aliasLimitReported) {
        const most =
          expansions > YAML_MAX_ALIASES
            ? `more than ${YAML_MAX_ALIASES} alias expansions`
            : `more than ${YAML_MAX_EXPANDED_NODES} values once its aliases are expanded`;
        report('yaml-alias', pointer, rangeOf(node), `the document has ${most}`, 'write the values out');
      }
      aliasLimitReported = true;
      return null;
    }
    aliases.set(pointer, anchor.pointer);
    return anchor.value;
  };

  const keyText = (pair: Pair, map: YAMLMap, pointer: string): string | undefined => {
    const key = pair.key as Node | null;
    if (isScalar(key)) {
      if (key.anchor !== undefined) {
        report(
          'yaml-alias',
          pointer,
          rangeOf(key),
          'a key cannot carry an anchor',
          'put the anchor on the value',
        );
      }
      if (typeof key.tag === 'string' && key.tag !== 'tag:yaml.org,2002:str')
        reportTag(key, key.tag, pointer);
      if (typeof key.value === 'string') {
        readScalar(key, pointer);
        return key.value;
      }
      if (key.source !== undefined && key.source !== '') return key.source;
    }
    const at = key ? rangeOf(key) : rangeOf(map);
    const hint = 'a key is text; put it in quotes if it starts with a special character';
    report(
      'yaml-syntax',
      pointer,
      at,
      key && !isScalar(key) ? 'a key must be plain text' : 'a key is empty',
      hint,
    );
    return undefined;
  };

  const reportEmpty = (key: Node, pointer: string, name: string): void => {
    const [start, end] = rangeOf(key);
    const after = /^["']?\s*:?[ \t]+(#\S.*)?/.exec(text.slice(end, lineEnd(text, end)));
    const comment = after?.[1];
    const anchor = /^\s*:[ \t]+(&\S+)/.exec(text.slice(end, lineEnd(text, end)))?.[1];
    let hint = 'give it a value; write null (or ~) if null is meant';
    if (comment !== undefined)
      hint = `# starts a comment: to mean the text, put it in quotes: ${name}: ${quoted(comment)}`;
    else if (anchor !== undefined) hint = `${cut(anchor)} is a YAML anchor: ${QUOTE_HINT}`;
    else if (/^[^:]+:[^:]/.test(name)) hint = 'put a space after the colon inside { }';
    else if (text[end] === ',' || text[end] === '}' || text[end] === ' ') hint = `write { ${name}: value }`;
    report('empty-value', pointer, [start, end], `${cut(name)} has nothing after it`, hint);
  };

  const readMap = (map: YAMLMap, pointer: string, depth: number): Json => {
    const value: Record<string, Json> = {};
    const firstAt = new Map<string, number>();
    for (const pair of map.items) {
      const name = keyText(pair, map, pointer);
      if (name === undefined) continue;
      const key = pair.key as Node;
      const [keyStart, keyEnd] = rangeOf(key);
      const at = `${pointer}/${escapeStep(name)}`;
      const first = firstAt.get(name);
      if (first !== undefined) {
        report(
          'duplicate-key',
          at,
          [keyStart, keyEnd],
          `${cut(name)} stands twice in this map`,
          'keep one of them',
          first,
        );
        continue;
      }
      firstAt.set(name, keyStart);
      const member = pair.value as Node | null;
      if (isNothing(member)) {
        places.set(at, { keyStart, keyEnd, start: keyStart, end: keyEnd });
        reportEmpty(key, at, name);
        setOwn(value, name, null);
        continue;
      }
      const [start, end] = rangeOf(member);
      places.set(at, { keyStart, keyEnd, start, end });
      setOwn(value, name, read(member, at, depth));
    }
    return value;
  };

  /** A value that starts with `{{` reads as a map whose key is a map. */
  const readTemplate = (node: Node, pointer: string): Json | undefined => {
    const [start, end] = rangeOf(node);
    if (!text.startsWith('{{', start)) return undefined;
    const source = text.slice(start, end);
    report(
      'template-unquoted',
      pointer,
      [start, end],
      'an unquoted {{ … }} reads as a YAML map',
      templateHint(text, start),
    );
    return source;
  };

  const readCollection = (node: Node, pointer: string, depth: number): Json => {
    if (depth >= YAML_MAX_DEPTH) {
      report(
        'yaml-depth',
        pointer,
        rangeOf(node),
        `nested deeper than ${YAML_MAX_DEPTH} levels`,
        'flatten it',
      );
      return null;
    }
    const flow = (node as YAMLMap).flow === true;
    if (flow) {
      const template = readTemplate(node, pointer);
      if (template !== undefined) return template;
    }
    let value: Json;
    if (isMap(node)) {
      value = readMap(node as YAMLMap, pointer, depth + 1);
    } else {
      const list: Json[] = [];
      const items = (node as unknown as { readonly items: readonly (Node | null)[] }).items;
      items.forEach((item, position) => {
        const at = `${pointer}/${position}`;
        const [start, end] = item?.range ?? rangeOf(node);
        places.set(at, { keyStart: start, keyEnd: end, start, end });
        if (isNothing(item)) {
          report(
            'empty-value',
            at,
            [start, end],
            'a list item has nothing in it',
            'write null if null is meant',
          );
          list.push(null);
        } else {
          list.push(read(item, at, depth + 1));
        }
      });
      value = list;
    }
    const [start, end] = rangeOf(node);
    const closing = text[start] === '{' ? '}' : ']';
    if (
      flow &&
      (text[start] === '{' || text[start] === '[') &&
      (text[end - 1] !== closing || end - start < 2)
    )
      unclosed.set(end, start);
    return value;
  };

  const read = (node: Node, pointer: string, depth: number): Json => {
    nodes++;
    const { tag } = node as { tag?: unknown };
    if (isAlias(node)) return readAlias(node, pointer);
    if (typeof tag === 'string' && !isTagOfValue(tag, node)) reportTag(node, tag, pointer);
    const anchor = (node as { anchor?: string }).anchor;
    if (anchor === undefined) {
      return isScalar(node) ? readScalar(node, pointer) : readCollection(node, pointer, depth);
    }
    const before = { nodes, expansions };
    anchors.set(anchor, 'open');
    const value = isScalar(node) ? readScalar(node, pointer) : readCollection(node, pointer, depth);
    anchors.set(anchor, {
      value,
      pointer,
      nodes: nodes - before.nodes + 1,
      expansions: expansions - before.expansions,
    });
    return value;
  };

  const root = document.contents as Node | null;
  let value: Json = null;
  if (root && !isPair(root)) {
    const [start, end] = rangeOf(root);
    places.set('', { keyStart: start, keyEnd: end, start, end });
    value = read(root, '', 0);
  }
  return { value, problems, index: createNodeIndex(places, aliases), unclosed };
}

/** Neither a value nor an explicit null: nothing was written. */
function isNothing(node: Node | null | undefined): node is null | undefined {
  if (node === null || node === undefined) return true;
  return isScalar(node) && node.value === null && (node.source ?? '') === '' && node.tag === undefined;
}

/** A tag of the core schema that says what the value is anyway. */
function isTagOfValue(tag: string, node: Node): boolean {
  const value = isScalar(node) ? node.value : undefined;
  switch (tag.replace(/^tag:yaml\.org,2002:/, '!!')) {
    case '!!str':
      return typeof value === 'string';
    case '!!int':
    case '!!float':
      return typeof value === 'number';
    case '!!bool':
      return typeof value === 'boolean';
    case '!!null':
      return value === null;
    case '!!map':
      return isMap(node);
    case '!!seq':
      return isSeq(node);
    default:
      return false;
  }
}

function escapeStep(name: string): string {
  return name.includes('~') || name.includes('/') ? name.replaceAll('~', '~0').replaceAll('/', '~1') : name;
}
