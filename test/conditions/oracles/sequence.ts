import type { Arrival } from '../../support/reducer-harness.js';

export interface SequenceRule {
  readonly steps: number;
  readonly withinMs: number;
}

/** Whether an arrival matches a step, counted from 0. */
export function isStep(arrival: Arrival, step: number): boolean {
  return arrival.roles.includes(`step:${step}`);
}

/** Every chain of all steps that ends with the last arrival: distinct events in order of arrival and of time. */
export function allChains(history: readonly Arrival[], rule: SequenceRule): readonly (readonly Arrival[])[] {
  const chains: (readonly Arrival[])[] = [];
  const grow = (chain: readonly Arrival[], from: number): void => {
    if (chain.length === rule.steps) {
      if (chain.at(-1) === history.at(-1)) chains.push(chain);
      return;
    }
    for (let i = from; i < history.length; i++) {
      const next = history[i] as Arrival;
      if (!isStep(next, chain.length)) continue;
      if (chain.length > 0 && next.at < (chain.at(-1) as Arrival).at) continue;
      if (chain.length > 0 && next.at - (chain[0] as Arrival).at > rule.withinMs) continue;
      grow([...chain, next], i + 1);
    }
  };
  grow([], 0);
  return chains;
}

/**
 * The chain of the first `length` steps that is held after the whole history, said as it is defined: the newest arrival's
 * chain if it makes one with a later start, otherwise what was held before it.
 */
export function latestStart(
  history: readonly Arrival[],
  length: number,
  rule: SequenceRule,
): readonly Arrival[] | null {
  const arrival = history.at(-1);
  if (arrival === undefined) return null;
  const before = history.slice(0, -1);
  const held = latestStart(before, length, rule);
  const made = madeBy(arrival, before, length, rule);
  return made !== null && (held === null || made[0]!.at > held[0]!.at) ? made : held;
}

/** The chain of `length` steps that an arrival makes of what was held before it. */
export function madeBy(
  arrival: Arrival,
  before: readonly Arrival[],
  length: number,
  rule: SequenceRule,
): readonly Arrival[] | null {
  if (!isStep(arrival, length - 1)) return null;
  if (length === 1) return [arrival];
  const prefix = latestStart(before, length - 1, rule);
  if (prefix === null || arrival.at < prefix.at(-1)!.at) return null;
  return arrival.at - prefix[0]!.at > rule.withinMs ? null : [...prefix, arrival];
}

/** For each arrival that `completes` with what came since the last one that did, or since an `unless`: its index. */
export function completions(
  history: readonly Arrival[],
  completes: (since: readonly Arrival[]) => boolean,
): readonly { readonly index: number; readonly since: readonly Arrival[] }[] {
  const found: { index: number; since: readonly Arrival[] }[] = [];
  let cleared = 0;
  history.forEach((arrival, index) => {
    if (arrival.roles.includes('unless')) cleared = index;
    const since = history.slice(cleared, index + 1);
    if (!completes(since)) return;
    found.push({ index, since });
    cleared = index + 1;
  });
  return found;
}

export interface AnyRule extends SequenceRule {
  readonly require: number;
}

/** Whether `require` steps can be filled by distinct ones of these within the time of each other, tried one by one. */
export function canFill(
  history: readonly Arrival[],
  rule: AnyRule,
  mustHave: Arrival | null = null,
  fits: (arrival: Arrival, step: number) => boolean = isStep,
): boolean {
  const tryStep = (step: number, chosen: readonly Arrival[]): boolean => {
    const times = chosen.map(({ at }) => at);
    if (chosen.length > 1 && Math.max(...times) - Math.min(...times) > rule.withinMs) return false;
    if (chosen.length >= rule.require && (mustHave === null || chosen.includes(mustHave))) return true;
    if (step === rule.steps) return false;
    return (
      tryStep(step + 1, chosen) ||
      history.some(
        (arrival) =>
          fits(arrival, step) && !chosen.includes(arrival) && tryStep(step + 1, [...chosen, arrival]),
      )
    );
  };
  return tryStep(0, []);
}

/** The same, each step keeping only its latest events, as many as there are steps. */
export function canFillFromLatest(history: readonly Arrival[], rule: AnyRule): boolean {
  const byTime = [...history].sort((a, b) => a.at - b.at);
  const kept = Array.from({ length: rule.steps }, (_, step) =>
    byTime.filter((arrival) => isStep(arrival, step)).slice(-rule.steps),
  );
  return canFill(history, rule, null, (arrival, step) => (kept[step] as Arrival[]).includes(arrival));
}
