import { isAbsolute, join } from 'node:path';
import { formatDuration, parseDuration } from '../../kernel/duration.js';
import type { Json } from '../../kernel/json.js';
import type { Reading, SettingType } from './setting.js';

/** A type whose values are one text on the command line. */
export function single<T>(
  type: Omit<SettingType<T>, 'choices' | 'repeatable' | 'completes' | 'fromTexts'> & {
    readonly choices?: readonly string[];
    readonly completes?: 'files' | 'folders';
    fromText(text: string, reading: Reading): T | undefined;
  },
): SettingType<T> {
  const { fromText, ...rest } = type;
  return {
    choices: null,
    completes: 'nothing',
    repeatable: false,
    ...rest,
    fromTexts: (texts, reading) => fromText(texts[0] ?? '', reading),
  };
}

/** The same, or null, which is written `none` where there are only texts. */
export function orNone<T>(type: SettingType<T>): SettingType<T | null> {
  return {
    ...type,
    words: `${type.words}, or none`,
    fromJson: (value, reading) => (value === null || value === 'none' ? null : type.fromJson(value, reading)),
    fromTexts: (texts, reading) => (texts[0] === 'none' ? null : type.fromTexts(texts, reading)),
    write: (value) => (value === null ? null : type.write(value)),
  };
}

const placed = (path: string, { pathBase }: Reading): string =>
  pathBase === '' || isAbsolute(path) ? path : join(pathBase, path);

/** A file or folder; relative to the settings file that names it, else to the current folder. */
export function path(completes: 'files' | 'folders'): SettingType<string> {
  const read = (value: Json, reading: Reading): string | undefined =>
    typeof value === 'string' && value !== '' && !value.includes('\0') ? placed(value, reading) : undefined;
  return single({
    words: completes === 'folders' ? 'a folder' : 'a file',
    placeholder: completes === 'folders' ? 'FOLDER' : 'FILE',
    completes,
    fromJson: read,
    fromText: read,
    write: (value) => value,
  });
}

/** Any number of files or folders. */
export function paths(completes: 'files' | 'folders'): SettingType<readonly string[]> {
  return list(path(completes), completes);
}

/** A text that passes a test. */
export function text(
  words: string,
  placeholder: string,
  isFine: (text: string) => boolean,
): SettingType<string> {
  const read = (value: Json): string | undefined =>
    typeof value === 'string' && isFine(value) ? value : undefined;
  return single({ words, placeholder, fromJson: read, fromText: read, write: (value) => value });
}

/** Any number of texts, each of which passes a test. */
export function texts(
  words: string,
  placeholder: string,
  isFine: (text: string) => boolean,
): SettingType<readonly string[]> {
  return list(text(words, placeholder, isFine), words);
}

function list<T>(member: SettingType<T>, words: string): SettingType<readonly T[]> {
  const all = <A>(values: readonly A[], read: (value: A) => T | undefined): readonly T[] | undefined => {
    const found: T[] = [];
    for (const value of values) {
      const one = read(value);
      if (one === undefined) return undefined;
      found.push(one);
    }
    return found;
  };
  return {
    words: `a list of ${words}`,
    placeholder: member.placeholder,
    choices: member.choices,
    completes: member.completes,
    repeatable: true,
    fromJson: (value, reading) =>
      Array.isArray(value) ? all<Json>(value, (one) => member.fromJson(one, reading)) : undefined,
    fromTexts: (values, reading) => all(values, (one) => member.fromTexts([one], reading)),
    write: (values) => values.map((value) => member.write(value)),
  };
}

/** A whole number within bounds. */
export function integer(min: number, max: number): SettingType<number> {
  const isFine = (value: Json): value is number =>
    typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;
  return single({
    words: `a whole number from ${min} to ${max}`,
    placeholder: 'NUMBER',
    fromJson: (value) => (isFine(value) ? value : undefined),
    fromText(given) {
      const value = /^\d{1,15}$/.test(given) ? Number(given) : null;
      return isFine(value) ? value : undefined;
    },
    write: (value) => value,
  });
}

/** True or false; on the command line the option alone, unless it is true anyway. */
export function flag(missing: boolean): SettingType<boolean> {
  return single({
    words: 'true or false',
    placeholder: missing ? 'BOOLEAN' : null,
    ...(missing ? { choices: ['true', 'false'] } : {}),
    fromJson: (value) => (typeof value === 'boolean' ? value : undefined),
    fromText: (given) => (given === 'true' || given === 'false' ? given === 'true' : undefined),
    write: (value) => value,
  });
}

/** One of a few words. */
export function choice<W extends string>(words: readonly W[]): SettingType<W> {
  const read = (value: Json): W | undefined => words.find((word) => word === value);
  return single({
    words: `one of ${words.join(', ')}`,
    placeholder: 'WORD',
    choices: words,
    fromJson: read,
    fromText: read,
    write: (value) => value,
  });
}

/** A duration, in milliseconds. */
export function duration(minMs: number, maxMs: number): SettingType<number> {
  const read = (value: Json): number | undefined => {
    const durationMs = typeof value === 'string' ? parseDuration(value) : undefined;
    return durationMs !== undefined && durationMs >= minMs && durationMs <= maxMs ? durationMs : undefined;
  };
  return single({
    words: `a duration from ${formatDuration(minMs)} to ${formatDuration(maxMs)}`,
    placeholder: 'DURATION',
    fromJson: read,
    fromText: read,
    write: formatDuration,
  });
}

const UNIT_BYTES = { KB: 1e3, MB: 1e6, GB: 1e9, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 } as const;
const SIZE = /^(\d{1,12}(?:\.\d{1,3})?) ?(KB|MB|GB|KiB|MiB|GiB)?$/;

/** A size in bytes, as a number or like `8MiB`. */
export function bytes(minBytes: number, maxBytes: number): SettingType<number> {
  const within = (value: number): number | undefined =>
    Number.isInteger(value) && value >= minBytes && value <= maxBytes ? value : undefined;
  const fromText = (given: string): number | undefined => {
    const match = SIZE.exec(given);
    if (match === null) return undefined;
    const unit = match[2] as keyof typeof UNIT_BYTES | undefined;
    return within(unit === undefined ? Number(match[1]) : Math.round(Number(match[1]) * UNIT_BYTES[unit]));
  };
  return single({
    words: `a size from ${sizeText(minBytes)} to ${sizeText(maxBytes)}`,
    placeholder: 'SIZE',
    fromJson: (value) =>
      typeof value === 'number' ? within(value) : typeof value === 'string' ? fromText(value) : undefined,
    fromText,
    write: sizeText,
  });
}

/** The shortest exact spelling. */
function sizeText(sizeBytes: number): string | number {
  for (const unit of ['GiB', 'MiB', 'KiB'] as const)
    if (sizeBytes > 0 && sizeBytes % UNIT_BYTES[unit] === 0) return `${sizeBytes / UNIT_BYTES[unit]}${unit}`;
  return sizeBytes;
}
