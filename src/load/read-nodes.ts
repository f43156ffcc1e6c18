import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import { type Json, setOwn } from '../kernel/json.js';
import { createAnchors } from './anchors.js';
import { cut, emptyValueHint, templateHint } from './hint-text.js';
import { FILE_MAX_DIAGNOSTICS, YAML_MAX_DEPTH } from './limits.js';
import { createNodeIndex, type NodeIndex, type YamlNodePlace } from './node-index.js';
import {
  escapeStep,
  isNothing,
  isTagOfValue,
  isUnclosed,
  numberProblem,
  type OffsetRange,
  rangeOf,
  tagBefore,
} from './node-traits.js';
import { QUOTE_HINT, type YamlProblem } from './yaml-problem.js';

export interface ReadNodes {
  readonly value: Json;
  readonly problems: readonly YamlProblem[];
  readonly index: NodeIndex;
  /** End offset of a flow collection or quoted scalar that is not closed → where it opens. */
  readonly unclosed: ReadonlyMap<number, number>;
}

/** More than a file's diagnostics, as problems of one line count once. */
const PROBLEMS_KEPT = 10 * FILE_MAX_DIAGNOSTICS;

/**
 * Reads the nodes of one parsed document into plain JSON, noting on the way everything the rule language refuses. The
 * caller has bounded the nesting; this never throws. Where something is wrong the value is the nearest thing to what was
 * meant (a template as its text, the first of two equal keys), so that what follows can still be checked.
 */
export function readNodes(document: Document.Parsed, text: string): ReadNodes {
  const problems: YamlProblem[] = [];
  const places = new Map<string, YamlNodePlace>();
  const aliases = new Map<string, string>();
  const unclosed = new Map<number, number>();
  const anchors = createAnchors();

  const report = (
    code: YamlProblem['code'],
    pointer: string,
    [start, end]: OffsetRange,
    message: string,
    hint: string,
    more: Pick<YamlProblem, 'other'> = {},
  ): void => {
    if (problems.length < PROBLEMS_KEPT) problems.push({ code, pointer, start, end, message, hint, ...more });
  };

  const place = (pointer: string, value: OffsetRange, key: OffsetRange = value): void => {
    places.set(pointer, { keyStart: key[0], keyEnd: key[1], start: value[0], end: value[1] });
  };

  const reportTag = (node: Node, pointer: string): void => {
    const { range, word } = tagBefore(node, text);
    report('yaml-tag', pointer, range, `${word} is a YAML tag`, QUOTE_HINT);
  };

  const readScalar = (node: Scalar, pointer: string): Json => {
    const { value } = node;
    if (isUnclosed(node, text)) unclosed.set(rangeOf(node)[1], rangeOf(node)[0]);
    if (typeof value === 'string' || typeof value === 'boolean') return value;
    if (typeof value !== 'number') return null;
    const source = node.source ?? String(value);
    const problem = numberProblem(value, source);
    if (problem === undefined) return value === 0 ? 0 : value;
    report('wrong-value', pointer, rangeOf(node), problem.message, problem.hint);
    return source;
  };

  const readAlias = (node: Node & { readonly source: string }, pointer: string): Json => {
    const found = anchors.resolve(node.source);
    if ('value' in found) {
      aliases.set(pointer, found.pointer);
      return found.value;
    }
    if (found.refused !== null) {
      report('yaml-alias', pointer, rangeOf(node), found.refused.message, found.refused.hint);
    }
    return null;
  };

  /** The text of a key, as written: `1.0` and `"1.0"` are the same key. */
  const readKey = (pair: Pair, map: YAMLMap, pointer: string): string | undefined => {
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
      if (key.tag !== undefined && key.tag !== 'tag:yaml.org,2002:str') reportTag(key, pointer);
      if (isUnclosed(key, text)) unclosed.set(rangeOf(key)[1], rangeOf(key)[0]);
      if (typeof key.value === 'string') return key.value;
      if (key.source !== undefined && key.source !== '') return key.source;
    }
    const message = key && !isScalar(key) ? 'a key must be plain text' : 'a key is empty';
    const hint = 'a key is text; put it in quotes if it starts with a special character';
    report('yaml-syntax', pointer, rangeOf(key ?? map), message, hint);
    return undefined;
  };

  const readMap = (map: YAMLMap, pointer: string, depth: number): Json => {
    const value: Record<string, Json> = {};
    const firstAt = new Map<string, number>();
    for (const pair of map.items) {
      const name = readKey(pair, map, pointer);
      if (name === undefined) continue;
      const key = rangeOf(pair.key as Node);
      const at = `${pointer}/${escapeStep(name)}`;
      const first = firstAt.get(name);
      if (first !== undefined) {
        const message = `${cut(name)} stands twice in this map`;
        report('duplicate-key', at, key, message, 'keep one of them', { other: first });
        continue;
      }
      firstAt.set(name, key[0]);
      const member = pair.value as Node | null;
      if (isNothing(member)) {
        const hint = emptyValueHint(name, text, key[1]);
        report('empty-value', at, key, `${cut(name)} has nothing after it`, hint);
        place(at, key);
        setOwn(value, name, null);
      } else {
        place(at, rangeOf(member), key);
        setOwn(value, name, read(member, at, depth));
      }
    }
    return value;
  };

  const readList = (list: Node, pointer: string, depth: number): Json => {
    const { items } = list as unknown as { readonly items: readonly (Node | null)[] };
    return items.map((item, position) => {
      const at = `${pointer}/${position}`;
      const range = rangeOf(item ?? list);
      place(at, range);
      if (!isNothing(item)) return read(item, at, depth);
      report('empty-value', at, range, 'a list item has nothing in it', 'write null if null is meant');
      return null;
    });
  };

  const readCollection = (node: Node, pointer: string, depth: number): Json => {
    const range = rangeOf(node);
    if (depth > YAML_MAX_DEPTH) {
      report('yaml-depth', pointer, range, `nested deeper than ${YAML_MAX_DEPTH} levels`, 'flatten it');
      return null;
    }
    if (text.startsWith('{{', range[0])) {
      const message = 'an unquoted {{ … }} reads as a YAML map';
      report('template-unquoted', pointer, range, message, templateHint(text, range[0]));
      return text.slice(...range);
    }
    const value = isMap(node) ? readMap(node as YAMLMap, pointer, depth) : readList(node, pointer, depth);
    // Outer collections come after inner ones, so of several that end here the outermost is kept.
    if ((node as YAMLMap).flow === true && isUnclosed(node, text)) unclosed.set(range[1], range[0]);
    return value;
  };

  const read = (node: Node, pointer: string, depth: number): Json => {
    anchors.countNode();
    if (isAlias(node)) return readAlias(node, pointer);
    const { tag, anchor } = node as { readonly tag?: string; readonly anchor?: string };
    if (tag !== undefined && !isTagOfValue(tag, node)) reportTag(node, pointer);
    const close = anchor === undefined ? undefined : anchors.open(anchor, pointer);
    const value = isScalar(node) ? readScalar(node, pointer) : readCollection(node, pointer, depth + 1);
    close?.(value);
    return value;
  };

  const root = document.contents as Node | null;
  if (root !== null) place('', rangeOf(root));
  const value = root === null ? null : read(root, '', 0);
  return { value, problems, index: createNodeIndex(places, aliases), unclosed };
}
