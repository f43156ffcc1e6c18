import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** A call or `new` in a source file, by what is written there. */
export interface SourceCall {
  readonly file: string;
  /** The last name of what is called: `counter` of `meter.counter(…)`. */
  readonly name: string;
  /** What it is called on, as it is written; `''` for a plain name. */
  readonly on: string;
  readonly isNew: boolean;
  readonly arguments: readonly ts.Expression[];
}

/** Every call of the given names below a folder: what a program says of itself only when it runs can be read off it. */
export function sourceCalls(folder: string, names: readonly string[]): readonly SourceCall[] {
  const found: SourceCall[] = [];
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .sort();
  for (const file of files) {
    const text = readFileSync(join(folder, file), 'utf8');
    if (!names.some((name) => text.includes(name))) continue;
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) || ts.isNewExpression(node)) {
        const { expression } = node;
        const isMember = ts.isPropertyAccessExpression(expression);
        const name = isMember ? expression.name.text : expression.getText();
        const on = isMember ? expression.expression.getText() : '';
        if (names.includes(name))
          found.push({ file, name, on, isNew: ts.isNewExpression(node), arguments: node.arguments ?? [] });
      }
      ts.forEachChild(node, visit);
    };
    visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  }
  return found;
}

/** The text of a literal, of several added together, or of a template with `…` for what it fills in; undefined for anything else. */
export function textOf(node: ts.Expression | undefined): string | undefined {
  if (node === undefined) return undefined;
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node))
    return node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('');
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const [left, right] = [textOf(node.left), textOf(node.right)];
    return left === undefined || right === undefined ? undefined : left + right;
  }
  return undefined;
}

/** The texts an expression may have: of both branches of a condition, else as `textOf`. */
export function choicesOf(node: ts.Expression | undefined): readonly string[] {
  if (node !== undefined && ts.isConditionalExpression(node))
    return [...choicesOf(node.whenTrue), ...choicesOf(node.whenFalse)];
  return [textOf(node) ?? []].flat();
}

/** The texts of a list of literals, none of what is left out; null for anything else. */
export function textsOf(node: ts.Expression | undefined): readonly string[] | null {
  if (node === undefined) return [];
  if (!ts.isArrayLiteralExpression(node)) return null;
  const texts = node.elements.map(textOf);
  return texts.every((text) => text !== undefined) ? texts : null;
}
