import { hash } from 'node:crypto';
import { canonicalJson, type Json } from './json.js';

/** Lower-case hex SHA-256 of a text. */
export function sha256(text: string): string {
  return hash('sha256', text, 'hex');
}

/** The first 16 hex digits of the SHA-256 of a JSON value's canonical text: one name for equal values. */
export function jsonHash(value: Json): string {
  return sha256(canonicalJson(value)).slice(0, 16);
}
