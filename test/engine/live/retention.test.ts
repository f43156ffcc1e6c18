import { expect, test } from 'vitest';
import { startRetention } from '../../../src/engine/live/retention.js';
import type { Store } from '../../../src/ports/store.js';
import { createMemoryStore } from '../../../src/stores/memory.js';
import { settled } from '../../support/manual-clock.js';
import { noLog, START, startLive } from './harness.js';

const RULES = `
triggers: [{ trigger_id: each, event_types: [x], workflow_name: note }]
workflows: { note: { executor: log } }`;
const DAY_MS = 86_400_000;

test('what is older than the age is forgotten, every ten minutes', async () => {
  const { engine, store, clock, send, pass } = await startLive({ rules: RULES });
  await send({ event_id: 'old', event_type: 'x' });
  const stop = startRetention(engine, store, { ageMs: DAY_MS, bytes: null }, clock, noLog);
  await pass(2 * DAY_MS);
  await send({ event_id: 'new', event_type: 'x' });
  await pass(11 * 60_000);
  expect([store.event('old'), store.event('new')?.position]).toEqual([null, 2]);
  stop();
  await engine.close();
});

test('stopped while it prunes, it sets no timer that would keep the process', async () => {
  let stop: () => void = () => undefined;
  const inner = createMemoryStore();
  const store: Store = {
    ...inner,
    prune(retention) {
      stop();
      return inner.prune(retention);
    },
  };
  const { engine, clock } = await startLive({ rules: RULES, store });
  stop = startRetention(engine, store, { ageMs: DAY_MS, bytes: null }, clock, noLog);
  await clock.advance(10 * 60_000);
  for (let turn = 0; turn < 5; turn++) await settled();
  await clock.advance(10);
  await engine.close();
  expect(clock.waiting).toBe(0);
  await expect(engine.control(() => START)).rejects.toMatchObject({ code: 'intake-closed' });
});
