import type { Json } from '../kernel/json.js';
import { asText } from './filters/coerce.js';
import { allowLength } from './output-limit.js';
import { plainPath, type PlainPath } from './plain-path.js';

/** A text with nothing in it but plain paths: put together without a template engine. */
export interface PlainText {
  readonly paths: readonly string[];
  /** The text; `missing` collects the paths that led nowhere. */
  render(scope: Readonly<Record<string, Json>>, missing: (path: string) => void): string;
}

const OUTPUT = /(\{\{[\s\S]*?\}\})/;

/** The text of a template whose outputs are all plain paths and which has no tags; undefined for any other. */
export function plainText(template: string, roots: readonly string[]): PlainText | undefined {
  if (template.includes('{%')) return undefined;
  // An output that is never closed is for the engine to judge; here each would be searched for to the end of the text.
  if (template.lastIndexOf('{{') > template.lastIndexOf('}}')) return undefined;
  const parts: (string | PlainPath)[] = [];
  for (const [index, piece] of template.split(OUTPUT).entries()) {
    if (index % 2 === 0) {
      // A brace beside an output, or an output that is never closed, is for the engine to judge.
      if (piece.includes('{{') || piece.includes('}}') || piece.startsWith('}')) return undefined;
      if (piece !== '') parts.push(piece);
      continue;
    }
    const plain = plainPath(piece, roots);
    if (plain === undefined) return undefined;
    parts.push(plain);
  }
  const paths = parts.flatMap((part) => (typeof part === 'string' ? [] : [part.path]));
  return {
    paths,
    render(scope, missing) {
      let text = '';
      for (const part of parts) {
        if (typeof part === 'string') {
          text += part;
          continue;
        }
        const value = part.read(scope);
        if (value === undefined) missing(part.path);
        else text += asText(value);
        allowLength(text.length);
      }
      return text;
    },
  };
}
