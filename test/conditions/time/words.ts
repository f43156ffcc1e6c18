import type { Reading } from '../../support/timeline.js';

/** `m` matches, `u` is an `unless` event, `b` is both. */
export const readWord: Reading = (word) => {
  if (word === 'm') return { roles: ['match'] };
  if (word === 'u') return { roles: ['unless'] };
  if (word === 'b') return { roles: ['match', 'unless'] };
  throw new TypeError(`no such word: ${word}`);
};
