/**
 * A million distinct groups through a trigger with a cap on groups: memory stays bounded, evictions are counted. Run with a
 * heap of 256 MB, which a leak would burst: left to itself Node lets garbage lie until the heap is several times what lives.
 */
import { formatTime } from '../src/kernel/time.js';
import { event, record, rules } from '../test/support/rules.js';
import { machine } from './machine.js';

const GROUPS = 1_000_000;
const START = Date.UTC(2026, 0, 1);
const compiled = rules(`
triggers:
  - trigger_id: capped
    event_types: [x]
    group_by: [user_id]
    condition: { threshold_reached: { aggregate: count, at_least: 3, within: 60s } }
    workflow_name: note
    cooldown: 1h
workflows: { note: { executor: log, with: { message: noted } } }
`);
const { run } = record(compiled);
console.log(machine());
for (let i = 0; i < GROUPS; i++) {
  const now = START + i;
  run.event(
    event({ event_id: `e${i}`, event_type: 'x', user_id: `user-${i}`, timestamp: formatTime(now) }),
    now,
  );
}
const counters = Object.fromEntries(run.decider.counters(0));
console.log(
  `${GROUPS} groups, counters ${JSON.stringify(counters)}, peak memory ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`,
);
if (process.resourceUsage().maxRSS / 1024 > 512) process.exitCode = 1;
