import { createRegex } from '../kernel/regex.js';

/**
 * Ajv compiles every `pattern` with the platform's backtracking expressions unless it is given others. It tells them apart
 * by their `toString`; `code` is how the generated validators call this.
 */
export const linearPattern = Object.assign(
  (pattern: string) => ({ ...createRegex(pattern, false), toString: () => pattern }),
  { code: 'linearPattern' },
);
