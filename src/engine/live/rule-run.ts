import { createDecider, type Decider } from '../../decide/decider.js';
import { createLauncher } from '../../launch/launch.js';
import type { Templates } from '../../ports/templates.js';
import { createEmitter } from '../emitter.js';
import type { CompiledFolder } from '../rule-folder.js';
import { createStepper, type SeenIds, type StepSink, type Stepper } from '../stepper.js';

/** One rule set at work, with what it remembers. */
export interface RuleRun {
  readonly folder: CompiledFolder;
  readonly decider: Decider;
  /** A stepper that hands out to a sink: one for each draft. */
  stepper(sink: StepSink, seen: SeenIds): Stepper;
}

export interface RuleRunOptions {
  readonly templates: Templates;
  readonly maxHops: number;
  /** See `DeciderOptions`. */
  readonly inlineMaxChars?: number;
}

/** A rule set that goes on with the rows of state that belong to it. */
export function createRuleRun(
  folder: CompiledFolder,
  snapshot: {
    readonly now: number;
    readonly rows: Iterable<{ readonly key: string; readonly value: string }>;
  },
  options: RuleRunOptions,
): RuleRun {
  const { ruleset, matcher, reducers } = folder;
  const decider = createDecider({
    ruleset,
    matcher,
    reducers,
    maxHops: options.maxHops,
    snapshot,
    tracking: true,
    ...(options.inlineMaxChars === undefined ? {} : { inlineMaxChars: options.inlineMaxChars }),
  });
  const launcher = createLauncher(ruleset, options.templates);
  const emitter = createEmitter(ruleset, options.templates);
  return {
    folder,
    decider,
    stepper: (sink, seen) => createStepper({ decider, launcher, emitter, seen, sink }),
  };
}
