/** What did not work this time, and may the next: thrown inside of executors, an outcome where they are called. */
export class Failure extends Error {
  override readonly name = 'Failure';
}

/** The code of an error of the platform (`ENOENT`), which, unlike its message, never holds a value. */
export function codeOf(cause: unknown): string {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? code : 'no code';
}
