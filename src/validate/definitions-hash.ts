import { sha256 } from '../kernel/hash.js';
import type { JsonSchema } from '../ports/condition-kind.js';

/** Tells whether generated validators are those of the definitions at hand, which depend on the plug-ins. */
export function definitionsHash(definitions: JsonSchema): string {
  return sha256(JSON.stringify(definitions));
}
