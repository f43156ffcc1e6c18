import {
  createEngine,
  defineExecutor,
  succeeded,
  type Attempting,
  type Engine,
  type EngineOptions,
} from '../../../src/index.js';
import type { ExecutorDefinition } from '../../../src/engine/library/define-executor.js';
import { createManualClock, settled, type ManualClock } from '../../support/manual-clock.js';

export const START = Date.UTC(2026, 2, 1);

/** Rules whose workflow `w` is carried out by the executor `own`. */
export const WORKFLOWS = 'workflows: { w: { executor: own } }';

export interface Embedded {
  readonly engine: Engine;
  readonly clock: ManualClock;
  /** Attempts that the executor `own` was called for. */
  readonly attempts: Attempting[];
}

/** What `own` does, by the environment of its engine: one executor for all engines, so that its schema is compiled once. */
const doing = new WeakMap<object, (...call: Parameters<ExecutorDefinition['execute']>) => unknown>();
const own = defineExecutor({
  name: 'own',
  execute: (attempting, host, signal) =>
    doing.get(host.environment)?.(attempting, host, signal) as ReturnType<ExecutorDefinition['execute']>,
});

/** An engine under a clock moved by hand, with an executor `own` that is written down and does what it is told. */
export async function embed(
  options: EngineOptions & { readonly execute?: ExecutorDefinition['execute'] } = {},
): Promise<Embedded> {
  const { execute = () => succeeded('done'), executors = [], ...rest } = options;
  const attempts: Attempting[] = [];
  const clock = createManualClock(START);
  const environment = {};
  doing.set(environment, (attempting, host, signal) => {
    attempts.push(attempting);
    return execute(attempting, host, signal);
  });
  const engine = await createEngine({
    clock,
    environment,
    ...(rest.folder === undefined ? { rules: WORKFLOWS } : {}),
    ...rest,
    executors: [own, ...executors],
  });
  return { engine, clock, attempts };
}

/** Lets things happen that need no time, until there is what is waited for. */
export async function until(isThere: () => boolean): Promise<void> {
  for (let turn = 0; turn < 1_000 && !isThere(); turn++) await settled();
  if (!isThere()) throw new Error('it never happened');
}
