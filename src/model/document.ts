import type { Json } from '../kernel/json.js';

export interface Position {
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** Characters to underline on that line, at least 1. */
  readonly length: number;
}

/** One YAML document of a rule file, its positions kept to the end. */
export interface Document {
  /** Path relative to the rule folder's parent as the user would type it, forward slashes: `rules/github.yaml`. */
  readonly file: string;
  /** Index within the file, from 0. */
  readonly index: number;
  readonly value: Json;
  /** Where the value (or its key) at a JSON pointer stands; the nearest existing ancestor if the pointer leads nowhere. */
  locate(pointer: string, part?: 'key' | 'value'): Position;
  /** A line of the source text, without its line break; undefined past the end. */
  sourceLine(line: number): string | undefined;
}
