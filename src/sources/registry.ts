import type { SourceKind } from '../ports/source.js';
import { follow } from './follow.js';
import { nats } from './nats.js';
import { stdin } from './stdin.js';

/** Every sort of source there is besides HTTP. A new one is its file and its entry here. */
export const sourceKinds: readonly SourceKind[] = [stdin, follow, nats];
