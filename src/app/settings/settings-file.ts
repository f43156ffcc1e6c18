import { escapeKey } from '../../kernel/pointer.js';
import { dirname } from 'node:path';
import { isObject, type Json, type JsonType, ownValue, preview, typeOf } from '../../kernel/json.js';
import { suggest } from '../../kernel/suggest.js';
import { loadText } from '../../load/load-text.js';
import { type Diagnostic, diagnosticAt } from '../../model/diagnostic.js';
import type { Document } from '../../model/document.js';
import { SETTING_ENTRIES, type SettingKey } from './table.js';

/** A value that a settings file gives, and where. */
export interface FileValue {
  readonly value: unknown;
  readonly line: number;
}

export interface SettingsFile {
  readonly values: ReadonlyMap<SettingKey, FileValue>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads the text of a settings file as strictly as a rule file. `file` is its path as it is shown. */
export function readSettingsText(file: string, text: string): SettingsFile {
  const { documents, diagnostics } = loadText(file, text);
  const values = new Map<SettingKey, FileValue>();
  const [document, second] = documents;
  if (diagnostics.length > 0 || document === undefined) return { values, diagnostics };
  if (second !== undefined) {
    const message = 'a settings file is one YAML document, this is a second one';
    return {
      values,
      diagnostics: [
        diagnosticAt(second, '', 'value', { code: 'wrong-value', message, hint: 'remove the --- before it' }),
      ],
    };
  }
  const found: Diagnostic[] = [];
  if (isObject(document.value)) readMap(document, document.value, '', found);
  else found.push(notAMap(document, '', document.value));
  const pathBase = dirname(file);
  for (const [key, setting] of SETTING_ENTRIES) {
    const given = valueAt(document.value, setting.name);
    if (given === undefined) continue;
    const pointer = pointerOf(setting.name);
    const value = setting.type.fromJson(given, { pathBase: pathBase === '.' ? '' : pathBase });
    if (value !== undefined) {
      values.set(key, { value, line: document.locate(pointer, 'key').line });
      continue;
    }
    const but = setting.secret ? '' : `, not ${preview(given)}`;
    found.push(
      diagnosticAt(document, pointer, 'value', {
        code: 'wrong-value',
        message: `${setting.name} must be ${setting.type.words}${but}`,
        hint: `for example ${setting.name}: ${JSON.stringify(setting.example)}`,
      }),
    );
  }
  found.sort((a, b) => a.line - b.line || a.column - b.column);
  return { values, diagnostics: found.map((one) => withoutSecret(one, document)) };
}

/** The maps that settings stand in: '' and the first parts of the names with a dot. */
const KEYS_OF_MAPS = SETTING_ENTRIES.reduce((maps, [, { name }]) => {
  const parts = name.split('.');
  parts.forEach((part, i) => {
    const map = parts.slice(0, i).join('.');
    maps.set(map, new Set([...(maps.get(map) ?? []), part]));
  });
  return maps;
}, new Map<string, ReadonlySet<string>>());

/** Reports the keys that are no settings, and what should be a map and is none. */
function readMap(document: Document, map: Json, name: string, found: Diagnostic[]): void {
  if (!isObject(map)) return;
  const known = KEYS_OF_MAPS.get(name) ?? new Set();
  for (const key of Object.keys(map)) {
    const full = name === '' ? key : `${name}.${key}`;
    if (!known.has(key)) {
      const names = name === '' ? SETTING_NAMES : [...known];
      const near = suggest(key, names);
      found.push(
        diagnosticAt(document, `${pointerOf(name)}/${escapeKey(key)}`, 'key', {
          code: 'unknown-key',
          message: `${preview(key)} is no setting${name === '' ? '' : ` of ${name}`}`,
          hint: near === undefined ? `there are ${[...known].join(', ')}` : `did you mean ${near}?`,
        }),
      );
    } else if (KEYS_OF_MAPS.has(full)) {
      const value = ownValue(map, key) ?? null;
      if (isObject(value)) readMap(document, value, full, found);
      else found.push(notAMap(document, full, value));
    }
  }
}

const SETTING_NAMES = [
  ...(KEYS_OF_MAPS.get('') ?? []),
  ...SETTING_ENTRIES.map(([, { name }]) => name).filter((name) => name.includes('.')),
];

const TYPE_WORDS: Readonly<Record<JsonType, string>> = {
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  null: 'null',
};

function notAMap(document: Document, name: string, value: Json): Diagnostic {
  const what = name === '' ? 'a settings file' : name;
  return diagnosticAt(document, pointerOf(name), 'value', {
    code: 'wrong-type',
    message: `${what} must be a map, not ${TYPE_WORDS[typeOf(value)]}`,
    hint: `it holds ${[...(KEYS_OF_MAPS.get(name) ?? [])].slice(0, 4).join(', ')} and the like`,
  });
}

function valueAt(value: Json, name: string): Json | undefined {
  let at: Json | undefined = value;
  for (const part of name.split('.')) at = isObject(at) ? ownValue(at, part) : undefined;
  return at;
}

const pointerOf = (name: string): string => (name === '' ? '' : `/${name.replaceAll('.', '/')}`);

/**
 * A code frame shows the whole line: of a line that holds a secret it must not, nor of one in the same map, which may hold
 * it under a name that is misspelt.
 */
function withoutSecret(diagnostic: Diagnostic, document: Document): Diagnostic {
  const isSecret = SETTING_ENTRIES.some(([, { name, secret }]) => {
    if (!secret) return false;
    const parts = name.split('.');
    const around = parts.length === 1 ? parts : parts.slice(0, -1);
    const pointer = diagnostic.pointer.split('/').slice(1);
    if (around.every((part, i) => part === pointer[i])) return true;
    // Maps may stand in one line, a secret and its neighbours with them.
    const value = valueAt(document.value, name);
    return typeof value === 'string' && diagnostic.sourceLine?.includes(value) === true;
  });
  return isSecret ? { ...diagnostic, sourceLine: null } : diagnostic;
}
