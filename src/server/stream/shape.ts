import type { Selection } from './selection.js';
import type { Subscription } from './subscription.js';

/** All subscriptions with one selection. */
export interface Shape extends Selection {
  /** Those that get what happens as it happens. */
  readonly live: Set<Subscription>;
  /** Those that read the journal. */
  readonly behind: Set<Subscription>;
}

export function createShape(selection: Selection): Shape {
  return { ...selection, live: new Set(), behind: new Set() };
}
