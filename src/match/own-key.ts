import type { PathStep } from '../kernel/path.js';

/**
 * A key that no object and no array has without owning it: reading it gives the own property or nothing, so the check for
 * inherited ones can be spared.
 */
export function isOwnKey(step: PathStep | undefined): step is string {
  return typeof step === 'string' && !(step in Array.prototype);
}
