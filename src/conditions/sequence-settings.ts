import { setOwn } from '../kernel/json.js';
import type { Occurrence } from '../model/event.js';
import type { Reducer } from '../ports/condition-kind.js';

/** Settings of a sequence, ready to run. */
export type SequenceSettings = {
  /** Names of the steps; their number is the number of steps. */
  readonly names: readonly string[];
  readonly withinMs: number;
  readonly order: 'given' | 'any';
  /** How many of the steps it takes. */
  readonly require: number;
};

/** One way of remembering a sequence. */
export type SequenceReducer = Reducer & Required<Pick<Reducer, 'describe'>>;

const STEP = 'step:';

/** Role of the events that match a step, counted from 0. */
export function stepRole(step: number): string {
  return `${STEP}${step}`;
}

/** The steps among an event's roles, ascending. */
export function stepsAmong(roles: readonly string[]): number[] {
  const steps: number[] = [];
  for (const role of roles) if (role.startsWith(STEP)) steps.push(Number(role.slice(STEP.length)));
  return steps;
}

/** A chain of the first steps, under their names. */
export function namedSteps(
  chain: readonly Occurrence[],
  names: readonly string[],
): Record<string, Occurrence> {
  const steps: Record<string, Occurrence> = {};
  chain.forEach((occurrence, step) => setOwn(steps, names[step] as string, occurrence));
  return steps;
}

/** `1 of 3 steps there (paid)`: for a sentence. */
export function progressText(there: readonly string[], needed: number): string {
  const names = there.length === 0 ? '' : ` (${there.join(', ')})`;
  return `${there.length} of ${needed} steps there${names}`;
}
