import type { FilteredValueToken, PropertyAccessToken, Token, Tokenizer, ValueToken } from 'liquidjs';
import { formatPath, type PathStep } from '../kernel/path.js';
import { suggest } from '../kernel/suggest.js';
import type { TemplateProblem } from '../ports/templates.js';
import { templateFilters } from './filters.js';
import { ROOT_NAMES, nameHint, type NameSet } from './names.js';

type Liquidjs = typeof import('liquidjs');

/** What is wrong with a template; where it stands is added by whoever knows. */
export type Problem = Omit<TemplateProblem, 'pointer'>;

const FILTERS = new Map(templateFilters.map((filter) => [filter.name, filter]));
const BLANK = /^\s*/;

/** A piece of a template for a message: a hostile one is long. */
export function cut(text: string, maxLength = 60): string {
  return text.length <= maxLength ? text : `${text.slice(0, maxLength - 1)}…`;
}

/**
 * Reads the expressions of one template, collecting what is wrong with them and which paths they read: unknown names and
 * filters, and what the engine would pass over in silence.
 */
export class ExpressionInspector {
  readonly problems: Problem[] = [];
  readonly paths: string[] = [];
  private readonly liquidjs: Liquidjs;
  private readonly names: NameSet;

  constructor(liquidjs: Liquidjs, names: NameSet) {
    this.liquidjs = liquidjs;
    this.names = names;
  }

  syntax(message: string, hint: string): void {
    this.problems.push({ kind: 'syntax', message, hint });
  }

  /** A whole expression with its filters; nothing may stand behind it. */
  expression(text: string): void {
    const tokenizer = this.tokenizer(text);
    const value: FilteredValueToken = tokenizer.readFilteredValue();
    tokenizer.skipBlank();
    const rest = tokenizer.remaining();
    if (rest !== '' || /\|\s*$/.test(text)) {
      return this.syntax(
        `${JSON.stringify(cut(rest || '|'))} stands behind the expression ${cut(text)}`,
        'filters follow a |, their arguments a colon: {{ event.payload.a | default: 0 }}',
      );
    }
    this.operation(value.initial.postfix, text);
    for (const filter of value.filters) this.filter(filter.name, filter.args);
  }

  tokenizer(text: string): Tokenizer {
    return new this.liquidjs.Tokenizer(text, this.liquidjs.defaultOperators);
  }

  /** An expression in postfix order leaves one value, and no operator lacks one. */
  private operation(postfix: readonly Token[], text: string): void {
    let values = 0;
    let lacking = false;
    for (const token of postfix) {
      if (this.liquidjs.TypeGuards.isOperatorToken(token)) {
        const needs = token.operator === 'not' ? 1 : 2;
        lacking ||= values < needs;
        values += 1 - needs;
      } else {
        values++;
        this.operand(token as ValueToken);
      }
    }
    if (lacking)
      this.syntax(
        `an operator in ${cut(text)} lacks a value`,
        'operators are == != < <= > >= contains, and, or, not',
      );
    else if (values > 1)
      this.syntax(
        `values without an operator between them: ${cut(text)}`,
        'write text outside of {{ }}, and a key with spaces as event.payload["a b"]',
      );
  }

  private filter(name: string, args: FilteredValueToken['filters'][number]['args']): void {
    const filter = FILTERS.get(name);
    if (filter === undefined) {
      const near = suggest(name, FILTERS.keys());
      this.problems.push({
        kind: 'unknown-filter',
        message: `there is no filter ${cut(name)}`,
        hint: near === undefined ? `filters are ${[...FILTERS.keys()].join(', ')}` : `did you mean ${near}?`,
      });
      return;
    }
    const [least, most] = filter.takes;
    if (args.length < least || args.length > most) {
      const wanted = least === most ? String(least) : `${least} to ${most}`;
      this.syntax(
        `the filter ${name} takes ${wanted} argument${most === 1 ? '' : 's'}, not ${args.length}`,
        `as in ${filter.example.template}`,
      );
    }
    for (const arg of args) {
      if (Array.isArray(arg))
        this.syntax(`the arguments of ${name} have no names`, `as in ${filter.example.template}`);
      else this.operand(arg as ValueToken);
    }
  }

  /** The values of `{% when "a", "b" %}` or `{% when "a" or "b" %}`. */
  alternatives(text: string): void {
    const hint = 'write {% when "eu", "us" %}';
    const tokenizer = this.tokenizer(text);
    for (;;) {
      const value = tokenizer.readValue();
      if (value === undefined) return this.syntax(`{% when ${cut(text)} %} lacks a value`, hint);
      this.operand(value as ValueToken);
      tokenizer.skipBlank();
      if (tokenizer.end()) return;
      const rest = tokenizer.remaining();
      const separator = /^(?:,|or\b)/.exec(rest)?.[0];
      if (separator === undefined)
        return this.syntax(`${cut(rest)} stands behind a value of {% when %}`, hint);
      tokenizer.advance(separator.length);
    }
  }

  /** One value: a literal, or a path. */
  operand(token: ValueToken): void {
    const { TypeGuards } = this.liquidjs;
    if (TypeGuards.isRangeToken(token))
      this.syntax(
        `${cut(token.getText())} is a range, which nothing here takes`,
        'there are no loops; give the values themselves',
      );
    else if (TypeGuards.isPropertyAccessToken(token)) this.access(token);
    else if (TypeGuards.isQuotedToken(token) && !/^(["']).*\1$/s.test(token.getText()))
      this.syntax(`the quote of ${cut(token.getText())} is not closed`, 'close it with the same quote');
  }

  private access(token: PropertyAccessToken): void {
    const { TypeGuards } = this.liquidjs;
    const text = token.getText();
    if (text.endsWith('.'))
      return this.syntax(`${cut(text)} ends in a dot`, 'name the key behind it, or drop the dot');
    const steps: PathStep[] = [];
    let fixed = token.variable === undefined;
    if (token.variable !== undefined) this.operand(token.variable as ValueToken);
    for (const [index, prop] of token.props.entries()) {
      const bracketed = index > 0 || text.startsWith('[');
      if (bracketed && !this.bracketCloses(prop))
        return this.syntax(
          `a bracket in ${cut(text)} holds more than one value`,
          'write ["a key"], [0] or [event.payload.key]',
        );
      if (prop.getText() === '')
        return this.syntax(`a bracket in ${cut(text)} is empty`, 'write ["a key"] or [0]');
      const step =
        TypeGuards.isWordToken(prop) || TypeGuards.isQuotedToken(prop) || TypeGuards.isNumberToken(prop)
          ? prop.content
          : undefined;
      if (step === undefined) {
        fixed = false;
        this.operand(prop as ValueToken);
      }
      if (fixed) steps.push(step as PathStep);
    }
    const root = steps[0];
    if (token.variable !== undefined) return;
    if (typeof root === 'string' && (ROOT_NAMES[this.names] as readonly string[]).includes(root))
      this.paths.push(formatPath(steps));
    else if (typeof root === 'string')
      this.problems.push({
        kind: 'unknown-name',
        message: `there is no name ${cut(root)}`,
        hint: nameHint(root, this.names),
      });
    else
      this.syntax(
        `${cut(text)} does not start with a name`,
        'a path starts with a name, as in event.payload.region',
      );
  }

  /** The engine skips whatever stands between the value in a bracket and the bracket's end. */
  private bracketCloses(prop: Token): boolean {
    const before = prop.input.slice(0, prop.begin).trimEnd();
    if (!before.endsWith('[')) return true;
    return prop.input.slice(prop.end).replace(BLANK, '').startsWith(']');
  }
}
