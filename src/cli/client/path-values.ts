import { Fault } from '../../kernel/fault.js';
import { type Json, setOwn } from '../../kernel/json.js';
import { isPathProblem, parsePath, type PathSteps } from '../../kernel/path.js';
import { EVENT_FIELDS } from '../../model/event.js';

export interface PathValue {
  /** As it was written. */
  readonly path: string;
  readonly steps: PathSteps;
  readonly value: Json;
}

/**
 * Reads `payload.region=eu`. What is JSON is that value (`5`, `true`, `{"a": 1}`, `"5"`), anything else a text. Throws a
 * Fault `usage`.
 */
export function parsePathValue(text: string, option: string): PathValue {
  const at = text.indexOf('=');
  const path = at === -1 ? text : text.slice(0, at);
  if (at === -1) {
    throw new Fault('usage', `--${option} takes PATH=VALUE, not ${JSON.stringify(text)}`, {
      hint: `write --${option} payload.region=eu`,
    });
  }
  const steps = parsePath(path);
  if (isPathProblem(steps))
    throw new Fault('usage', `--${option} ${path}: ${steps.message}`, { hint: steps.hint });
  if (!(EVENT_FIELDS as readonly unknown[]).includes(steps[0])) {
    throw new Fault('usage', `--${option} ${path}: a path starts at a field of the event`, {
      hint: `write --${option} payload.${text}`,
    });
  }
  const given = text.slice(at + 1);
  try {
    return { path, steps, value: JSON.parse(given) as Json };
  } catch {
    return { path, steps, value: given };
  }
}

/** Puts a value into an event that is being made; maps on the way are made too. Throws a Fault `usage`. */
export function putAt(
  event: Record<string, unknown>,
  { path, steps, value }: PathValue,
  option: string,
): void {
  let map = event;
  for (const [i, step] of steps.entries()) {
    if (typeof step === 'number') {
      throw new Fault('usage', `--${option} ${path}: an element of a list cannot be set alone`, {
        hint: `give the whole list: --${option} payload.items='[1, 2]'`,
      });
    }
    if (i === steps.length - 1) {
      setOwn(map, step, value);
      return;
    }
    let next = Object.hasOwn(map, step) ? map[step] : undefined;
    if (typeof next !== 'object' || next === null || Array.isArray(next)) {
      next = {};
      setOwn(map, step, next);
    }
    map = next as Record<string, unknown>;
  }
}
