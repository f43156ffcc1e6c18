import { isObject, ownValue, preview, setOwn, type Json, type JsonObject } from '../kernel/json.js';
import { escapeKey } from '../kernel/pointer.js';
import type { Reporter } from './reporter.js';
import { typeWord } from './words.js';

/** The variables of a folder, read. */
export interface Variables {
  readonly values: Readonly<Record<string, Json>>;
  readonly names: readonly string[];
  /** undefined for a name that is not defined; `unset` for one whose value is not known, which has been reported. */
  lookup(name: string): { readonly value: Json } | 'unset' | undefined;
}

interface Definition {
  readonly reporter: Reporter;
  readonly pointer: string;
}

/**
 * Reads the `variables:` of all documents. A value from the environment is a text, unless its default is a number, a
 * boolean, a list or a map: then it is read as one.
 */
export function readVariables(
  maps: readonly { readonly reporter: Reporter; readonly map: JsonObject }[],
  environment: Readonly<Record<string, string | undefined>>,
  overrides: JsonObject,
): Variables {
  const defined = new Map<string, Definition>();
  const values: Record<string, Json> = {};
  const unset = new Set<string>();
  for (const { reporter, map } of maps) {
    for (const name of Object.keys(map)) {
      const pointer = `/variables/${escapeKey(name)}`;
      const first = defined.get(name);
      if (first !== undefined) {
        const { line } = first.reporter.document.locate(first.pointer, 'key');
        reporter.error(
          'duplicate-variable',
          pointer,
          `the variable ${name} is defined already (${first.reporter.document.file}:${line})`,
          'keep one of them; values that differ per environment are { env: NAME, default: V }',
          'key',
        );
        continue;
      }
      defined.set(name, { reporter, pointer });
      const given = ownValue(overrides, name);
      const value = given ?? readDefinition(map[name] as Json, name, pointer, environment, reporter);
      if (value === undefined) unset.add(name);
      else setOwn(values, name, value);
    }
  }
  return {
    values,
    names: [...defined.keys()],
    lookup(name) {
      if (unset.has(name)) return 'unset';
      return Object.hasOwn(values, name) ? { value: values[name] as Json } : undefined;
    },
  };
}

function readDefinition(
  definition: Json,
  name: string,
  pointer: string,
  environment: Readonly<Record<string, string | undefined>>,
  reporter: Reporter,
): Json | undefined {
  if (!isObject(definition) || !Object.hasOwn(definition, 'env')) return definition;
  const { env, default: byDefault } = definition as { readonly env: Json; readonly default?: Json };
  const extra = Object.keys(definition).find((key) => key !== 'env' && key !== 'default');
  if (extra !== undefined) {
    reporter.error(
      'unknown-key',
      `${pointer}/${escapeKey(extra)}`,
      `a variable from the environment has no key ${preview(extra, 40)}`,
      'keys here are env, default',
      'key',
    );
    return undefined;
  }
  if (typeof env !== 'string' || env === '') {
    reporter.error(
      'wrong-type',
      `${pointer}/env`,
      'env must be the name of an environment variable',
      'for example env: REGION',
    );
    return undefined;
  }
  const text = Object.hasOwn(environment, env) ? environment[env] : undefined;
  if (text === undefined) {
    if (byDefault !== undefined) return byDefault;
    reporter.error(
      'variable-unset',
      pointer,
      `the environment variable ${env} is not set, and ${name} has no default`,
      `set ${env}, or add default: beside env:`,
    );
    return undefined;
  }
  const value = readAs(text, byDefault);
  if (value === undefined) {
    reporter.error(
      'wrong-type',
      `${pointer}/env`,
      `the environment variable ${env} must be ${typeWord(typeName(byDefault as Json))}, as the default of ${name} is, not ${preview(text, 40)}`,
      'a list or map is written as JSON there',
    );
  }
  return value;
}

function typeName(value: Json): string {
  return Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value;
}

/** The text as a value of the default's type; undefined when it is none. */
function readAs(text: string, byDefault: Json | undefined): Json | undefined {
  if (typeof byDefault === 'number') {
    const number = Number(text);
    return text.trim() !== '' && Number.isFinite(number) ? number : undefined;
  }
  if (typeof byDefault === 'boolean') return text === 'true' ? true : text === 'false' ? false : undefined;
  if (typeof byDefault !== 'object' || byDefault === null) return text;
  try {
    const value = JSON.parse(text) as Json;
    return typeName(value) === typeName(byDefault) ? value : undefined;
  } catch {
    return undefined;
  }
}
