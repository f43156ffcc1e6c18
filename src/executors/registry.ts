import type { ExecutorKind } from '../ports/executor-kind.js';
import { command } from './command.js';
import { email } from './email.js';
import { emit } from './emit.js';
import { http } from './http.js';
import { log } from './log.js';
import { module } from './module.js';
import { nats } from './nats.js';
import { slack } from './slack.js';
import { webhook } from './webhook.js';

/** Every executor kind there is. A new one is its file and its line here. */
// biome-ignore format: one kind a line.
export const executorKinds: readonly ExecutorKind[] = [
  log,
  command,
  http,
  module,
  emit,
  email,
  slack,
  webhook,
  nats,
];
