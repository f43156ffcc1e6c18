import { preview } from '../kernel/json.js';
import { suggest } from '../kernel/suggest.js';
import type { Parameters, Values } from './parameters.js';
import { Refusal } from './refusal.js';

/** The query of a request target, `''` when it has none. */
export function queryOf(target: string): string {
  const at = target.indexOf('?');
  return at === -1 ? '' : target.slice(at + 1);
}

/** Reads a query by its parameters. Refuses, naming them all, keys that are unknown or repeated and values that do not fit. */
export function readQuery<P extends Parameters>(parameters: P, query: string, nowMs: number): Values<P> {
  const names = Object.keys(parameters);
  const values: Record<string, unknown> = {};
  for (const name of names) values[name] = parameters[name]?.missing;
  if (query === '') return values as Values<P>;

  const given = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(query)) {
    const before = given.get(name);
    if (before === undefined) given.set(name, [value]);
    else before.push(value);
  }
  const problems: string[] = [];
  const hints: string[] = [];
  for (const [name, list] of given) {
    const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
    if (parameter === undefined) {
      problems.push(`${preview(name)} is no parameter here`);
      hints.push(unknownHint(name, names));
    } else if (list.length > 1 && !parameter.repeatable) {
      problems.push(`${name} stands more than once`);
    } else {
      const read = parameter.read(list, nowMs);
      if ('value' in read) values[name] = read.value;
      else {
        problems.push(`${name} ${read.problem}, not ${preview(list.join(', '))}`);
        if (read.hint !== undefined) hints.push(read.hint);
      }
    }
    if (problems.length >= 10) break;
  }
  if (problems.length > 0) {
    throw new Refusal(400, 'query-invalid', problems.join('; '), { hint: hints[0] ?? null });
  }
  return values as Values<P>;
}

function unknownHint(name: string, names: readonly string[]): string {
  const near = suggest(name, names);
  if (near !== undefined) return `did you mean ${near}?`;
  return names.length === 0 ? 'it takes no parameters' : `it takes ${names.join(', ')}`;
}
