import { type Json, type JsonObject } from './json.js';

export type PathStep = string | number;

/** A parsed path: the steps from a root, a string for a key, a number for an array index (negative counts from the end). */
export type PathSteps = readonly PathStep[];

export interface PathProblem {
  readonly message: string;
  readonly hint: string;
  /** Characters from the start of the path text. */
  readonly offset: number;
}

const MAX_STEPS = 32;
const PLAIN_KEY = /[^.[\]"\s]+/y;
const INDEX = /\[(-?\d{1,7})\]/y;
const QUOTED = /\["((?:[^"\\]|\\.)*)"\]/y;

/**
 * Parses `payload.items[-1].sku`, `payload.items.0.sku`, `payload.dash-ed`, `payload["a.b"]`; `.` alone is the root itself.
 * A step of digits reads an array by index and an object by key. No expressions: a path never runs code.
 */
export function parsePath(text: string): PathSteps | PathProblem {
  if (text === '.') return [];
  const steps: PathStep[] = [];
  let position = 0;
  const problem = (message: string, hint: string): PathProblem => ({ message, hint, offset: position });
  while (position < text.length) {
    if (text[position] === '[') {
      INDEX.lastIndex = position;
      const index = INDEX.exec(text);
      QUOTED.lastIndex = position;
      const quoted = index ? null : QUOTED.exec(text);
      if (index) {
        steps.push(Number(index[1]));
        position = INDEX.lastIndex;
      } else if (quoted) {
        try {
          steps.push(JSON.parse(`"${quoted[1]}"`) as string);
        } catch {
          return problem('the quoted key is no JSON string', 'write it as in JSON: payload["a.b"]');
        }
        position = QUOTED.lastIndex;
      } else if (text.startsWith('[*]', position)) {
        return problem(
          '[*] is not a path step',
          'test the elements with some:, every: or no:, or launch once per element with for_each',
        );
      } else {
        return problem(
          'a bracket holds a whole number or a double-quoted key',
          'payload.items[0], payload.items[-1] or payload["a.b"]',
        );
      }
    } else {
      if (text[position] === '.') {
        if (position === 0) return problem('a path starts with a name', 'payload.amount');
        position++;
      } else if (position > 0) {
        return problem('steps are joined by dots', 'payload.order.total');
      }
      PLAIN_KEY.lastIndex = position;
      const key = PLAIN_KEY.exec(text);
      if (!key)
        return problem(
          'a step of the path is empty',
          'write payload.a.b, and payload["a b"] for a key with spaces',
        );
      steps.push(key[0]);
      position = PLAIN_KEY.lastIndex;
    }
    if (steps.length > MAX_STEPS) return problem(`a path has at most ${MAX_STEPS} steps`, 'shorten it');
  }
  if (steps.length === 0) return problem('the path is empty', 'payload.amount');
  return steps;
}

/** True when `parsePath` reported a problem. */
export function isPathProblem(parsed: PathSteps | PathProblem): parsed is PathProblem {
  return !Array.isArray(parsed);
}

const ARRAY_KEY = /^(?:0|[1-9]\d{0,6})$/;
const hasOwn = Object.prototype.hasOwnProperty;

/** Follows the steps through own properties only; undefined where a step is missing. `size` and prototypes are not there. */
export function readSteps(root: Json | undefined, steps: PathSteps, from = 0): Json | undefined {
  let value = root;
  for (let i = from; i < steps.length; i++) {
    if (typeof value !== 'object' || value === null) return undefined;
    const step = steps[i] as PathStep;
    if (Array.isArray(value)) {
      if (typeof step === 'number') value = (value as readonly Json[])[step < 0 ? value.length + step : step];
      else if (ARRAY_KEY.test(step)) value = (value as readonly Json[])[Number(step)];
      else return undefined;
    } else {
      if (typeof step === 'number' || !hasOwn.call(value, step)) return undefined;
      value = (value as JsonObject)[step];
    }
  }
  return value;
}

/** The canonical text of steps: parsing it gives the steps back. */
export function formatPath(steps: PathSteps): string {
  if (steps.length === 0) return '.';
  let text = '';
  for (const step of steps) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (/^[^.[\]"\s]+$/.test(step)) text += text === '' ? step : `.${step}`;
    else text += `[${JSON.stringify(step)}]`;
  }
  return text;
}
