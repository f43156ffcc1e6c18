/**
 * What an executor refuses to do, whatever is tried again: thrown inside of executors and turned into an outcome with
 * `retry: never` where they are called. Its message is the reason.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}
