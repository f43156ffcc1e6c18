import { isObject, ownValue, type Json, type JsonObject } from '../kernel/json.js';
import type { SecretReference, Secrets } from '../ports/executor-kind.js';

/** A setting as text. A template that stands alone keeps its type, so that a number or an object may be here. */
export function textOf(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A text to send, and whether it is (or begins before) a secret. */
export interface SettingText {
  readonly text: string;
  readonly secret: boolean;
}

/**
 * A text, or the secret it refers to. That it is a reference is told by what was written, never by what a template made:
 * otherwise an event that carries `{"secret": {"env": …}}` could ask for any secret of the daemon.
 */
export function textOrSecret(
  value: Json | undefined,
  written: Json | undefined,
  secrets: Secrets,
): SettingText {
  const reference = secretReference(written);
  if (reference === undefined) return { text: textOf(value), secret: false };
  return { text: secrets.read(reference), secret: true };
}

/** The reference to a secret that was written here, if there is one. */
export function secretReference(written: Json | undefined): SecretReference | undefined {
  if (written === undefined || !isObject(written)) return undefined;
  const source = ownValue(written, 'secret');
  if (source === undefined || !isObject(source)) return undefined;
  const prefix = ownValue(written, 'prefix');
  return {
    secret: secretSource(source),
    ...(typeof prefix === 'string' ? { prefix } : {}),
  };
}

/** `{ env }` or `{ file }`, whose schema has been checked. */
export function secretSource(source: JsonObject): SecretReference['secret'] {
  const env = ownValue(source, 'env');
  return env === undefined ? { file: textOf(ownValue(source, 'file')) } : { env: textOf(env) };
}

/** A map setting, rendered and as written, side by side. */
export function* entriesOf(
  settings: JsonObject,
  written: JsonObject,
  key: string,
): Generator<readonly [name: string, value: Json, written: Json | undefined]> {
  const map = ownValue(settings, key);
  const asWritten = ownValue(written, key);
  if (map === undefined || !isObject(map)) return;
  for (const [name, value] of Object.entries(map))
    yield [
      name,
      value,
      asWritten !== undefined && isObject(asWritten) ? ownValue(asWritten, name) : undefined,
    ];
}
