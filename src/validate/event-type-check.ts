import { distance } from 'fastest-levenshtein';
import { CORE_EVENT_TYPES, EVENT_TYPE_MAX_LENGTH, EVENT_TYPE_PATTERN } from '../model/event.js';
import type { Origin } from '../model/trigger.js';
import { suggest } from '../kernel/suggest.js';
import type { Reporter } from './reporter.js';

const CORE: ReadonlySet<string> = new Set(CORE_EVENT_TYPES);
const NAMESPACES: ReadonlySet<string> = new Set(
  CORE_EVENT_TYPES.map((type) => type.slice(0, type.indexOf('.'))),
);
const MAX_EDITS = 2;

/** The event types of a rule folder: each is checked where it stands, and against the others. */
export interface EventTypeCheck {
  /** Checks one name; `pattern` allows a final `*`. False when it has been reported. */
  check(type: string, pointer: string, reporter: Reporter, pattern: boolean): boolean;
}

interface Seen {
  readonly type: string;
  /** Where it was first written; null for a core type. */
  readonly place: { readonly origin: Pick<Origin, 'file'>; readonly line: () => number } | null;
}

export function createEventTypeCheck(): EventTypeCheck {
  const byLower = new Map<string, Seen>();
  for (const type of CORE_EVENT_TYPES) byLower.set(type, { type, place: null });
  const fine = new Set<string>();
  const cased = new Set<string>();

  const checkCase = (type: string, pointer: string, reporter: Reporter): void => {
    const lower = type.toLowerCase();
    const known = byLower.get(lower);
    if (known === undefined) {
      const { document } = reporter;
      byLower.set(lower, {
        type,
        place: { origin: document, line: () => document.locate(pointer, 'value').line },
      });
      return;
    }
    if (known.type === type || cased.has(type)) return;
    cased.add(type);
    const where =
      known.place === null
        ? `the core type ${known.type}`
        : `${known.type} (${known.place.origin.file}:${known.place.line()})`;
    reporter.warning(
      'event-type-case',
      pointer,
      `the event type ${type} differs from ${where} in upper and lower case only`,
      'names are case-sensitive: spell it one way',
    );
  };

  return {
    check(type, pointer, reporter, pattern) {
      // The many are alike: one that is fine as it is written is asked once.
      if (fine.has(type)) return true;
      const name = pattern ? withoutStar(type) : type;
      if (name === '') return true;
      const fault = formFault(type, name, pattern);
      if (fault !== undefined) {
        reporter.error('event-type-invalid', pointer, `${JSON.stringify(type)} is not an event type`, fault);
        return false;
      }
      const near = name === type ? typoOf(name) : undefined;
      if (near !== undefined) {
        reporter.error(
          'event-type-typo',
          pointer,
          `there is no core event type ${type}`,
          `did you mean ${near}? Names of your own that close belong under another namespace`,
        );
        return false;
      }
      checkCase(name, pointer, reporter);
      if (!cased.has(name)) fine.add(type);
      return true;
    },
  };
}

/** The type before a final star; '' for the star alone. */
function withoutStar(type: string): string {
  if (type === '*') return '';
  return type.endsWith('.*') ? type.slice(0, -2) : type;
}

function formFault(type: string, name: string, pattern: boolean): string | undefined {
  if (name.length <= EVENT_TYPE_MAX_LENGTH && EVENT_TYPE_PATTERN.test(name)) return undefined;
  if (name.length > EVENT_TYPE_MAX_LENGTH) return `it has at most ${EVENT_TYPE_MAX_LENGTH} characters`;
  if (type.includes('*')) {
    return pattern
      ? 'a * stands at the end, for one or more whole segments: workflow.*'
      : 'an event has one type, so there is no * here';
  }
  if (/\s/.test(type)) return 'it has no spaces; several types are a list: [order.paid, order.refunded]';
  return 'it is words of letters, digits, _ : - joined by dots, such as order.paid';
}

/** The core type that was most likely meant: within two edits, in the same namespace. */
function typoOf(type: string): string | undefined {
  if (CORE.has(type)) return undefined;
  const dot = type.indexOf('.');
  if (dot < 0 || !NAMESPACES.has(type.slice(0, dot))) return undefined;
  const lower = type.toLowerCase();
  // Told apart by case only, it is reported as that.
  if (CORE.has(lower)) return undefined;
  const near = CORE_EVENT_TYPES.filter((core) => distance(core, lower) <= MAX_EDITS);
  return near.length === 0 ? undefined : (suggest(type, near) ?? near[0]);
}
