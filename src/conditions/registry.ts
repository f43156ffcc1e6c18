import type { ConditionKind } from '../ports/condition-kind.js';
import { eventOccurred } from './event-occurred.js';
import { eventSequence } from './event-sequence.js';
import { holdsFor } from './holds-for.js';
import { patternMatched } from './pattern-matched.js';
import { thresholdReached } from './threshold-reached.js';
import { timeBased } from './time-based.js';
import { valueChanged } from './value-changed.js';
import { where } from './where.js';

/** Every condition kind there is. A new one is its file and its line here. */
// biome-ignore format: one kind a line.
export const conditionKinds: readonly ConditionKind[] = [
  eventOccurred,
  where,
  patternMatched,
  thresholdReached,
  valueChanged,
  holdsFor,
  eventSequence,
  timeBased,
];
