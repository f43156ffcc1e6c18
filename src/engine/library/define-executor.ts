import { messageOf } from '../../bus/message-of.js';
import { Fault } from '../../kernel/fault.js';
import type { Outcome } from '../../model/outcome.js';
import type { JsonSchema } from '../../ports/condition-kind.js';
import {
  failed,
  succeeded,
  type Attempting,
  type ExecutorHost,
  type ExecutorKind,
} from '../../ports/executor-kind.js';

/** What an executor of one's own is made of. */
export interface ExecutorDefinition {
  /** The word behind `executor:`. */
  readonly name: string;
  readonly summary?: string;
  /** JSON Schema (2020-12) of `with:`; left out = anything may stand there. */
  readonly schema?: JsonSchema;
  /**
   * Carries out one attempt of a launch. Returning nothing is success without output, throwing is a failure that may be
   * tried again; `succeeded(output)` and `failed(reason, …)` say more. When `signal` aborts, it should end.
   */
  execute(
    launch: Attempting,
    host: ExecutorHost,
    signal: AbortSignal,
  ): Promise<Outcome | undefined | void> | Outcome | undefined | void;
}

const NAME = /^[a-z][a-z0-9_-]{0,63}$/;

/** Makes a function into an executor that workflows can name. Throws a Fault `usage` for a name that is none. */
export function defineExecutor(definition: ExecutorDefinition): ExecutorKind {
  const { name, summary = 'Calls a function of the program.', schema = { type: 'object' } } = definition;
  if (typeof name !== 'string' || !NAME.test(name)) {
    throw new Fault('usage', `${JSON.stringify(name)} is no name of an executor`, {
      hint: 'a small letter, then small letters, digits, - or _',
    });
  }
  return {
    name,
    summary,
    schema,
    examples: [{ executor: name }],
    load: async () => async (attempting, host, signal) => {
      try {
        return (await definition.execute(attempting, host, signal)) ?? succeeded();
      } catch (error) {
        // To a function of a program, throwing is the way to fail.
        return failed(messageOf(error));
      }
    },
  };
}
