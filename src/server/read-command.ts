import { isObject, type JsonObject, preview } from '../kernel/json.js';
import { suggest } from '../kernel/suggest.js';
import { unsoundness } from '../kernel/json-soundness.js';
import { Refusal } from './refusal.js';
import { parseJson } from './split-body.js';

const COMMAND_MAX_DEPTH = 8;

/** The body of a command: an object with exactly these keys, each of them there. Throws a Refusal. */
export function readCommand(body: Buffer, keys: readonly string[]): JsonObject {
  const raw = parseJson(body);
  if (!isObject(raw) || unsoundness(raw, COMMAND_MAX_DEPTH) !== null) {
    throw commandInvalid('the body must be a JSON object', null);
  }
  for (const key of Object.keys(raw)) {
    if (keys.includes(key)) continue;
    const near = suggest(key, keys);
    throw commandInvalid(
      `${preview(key)} is no key of this body`,
      near === undefined ? null : `did you mean ${near}?`,
    );
  }
  for (const key of keys) {
    if (!Object.hasOwn(raw, key)) throw commandInvalid(`the key ${key} is missing`, null);
  }
  return raw;
}

export function commandInvalid(message: string, hint: string | null): Refusal {
  return new Refusal(400, 'body-invalid', message, { hint });
}
