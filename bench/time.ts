/**
 * What remembering costs: an event that updates one window, sequence or deadline, against an event of the same shape that
 * reaches a stateless trigger only, with one and with 100 000 live groups, interleaved in one process.
 */
import { formatTime } from '../src/kernel/time.js';
import type { Event } from '../src/model/event.js';
import { event, record, rules } from '../test/support/rules.js';
import { machine, median, table } from './machine.js';

const START = Date.UTC(2026, 0, 1);
const EVENTS = 100_000;
const ROUNDS = 5;

const conditions: Readonly<Record<string, string>> = {
  'none (stateless)': 'where: { payload.n: { less_than: 0 } }',
  'window, count': 'threshold_reached: { aggregate: count, at_least: 9000, within: 100ms }',
  'window, sum':
    'threshold_reached: { aggregate: sum, field: payload.n, at_least: 1000000000, within: 100ms }',
  sequence: 'event_sequence: { steps: [{ event_types: [x] }, { event_types: [y] }], within: 60s }',
  deadline: 'time_based: { after: 1h, unless: { event_types: [y] } }',
  silence: 'time_based: { no_event_for: 30d }',
  'value changed': 'value_changed: { field: payload.n, to: -1 }',
};

const text = (condition: string): string => `
triggers:
  - { trigger_id: t, event_types: [x], group_by: [user_id], condition: { ${condition} }, workflow_name: note, max_groups: 200000 }
workflows: { note: { executor: log, with: { message: noted } } }
`;

function events(groups: number): readonly Event[] {
  return Array.from({ length: EVENTS }, (_, i) =>
    event({
      event_id: `e${i}`,
      event_type: 'x',
      user_id: `user-${(i * 7919) % groups}`,
      payload: { n: i % 100, text: 'x'.repeat(200) },
      timestamp: formatTime(START + i),
    }),
  );
}

console.log(machine());
for (const groups of [1, 100_000]) {
  const stream = events(groups);
  const costs = new Map<string, number[]>(Object.keys(conditions).map((name) => [name, []]));
  const runners = Object.entries(conditions).map(([name, condition]) => ({
    name,
    compiled: rules(text(condition)),
  }));
  for (let round = 0; round < ROUNDS; round++) {
    for (const { name, compiled } of runners) {
      const { run } = record(compiled);
      run.start(START);
      // The groups are live before the clock runs: what is timed is an update, not the first event of a group.
      for (const [i, one] of stream.entries()) run.event({ ...one, event_id: `w${i}` }, START + i, START + i);
      const later = stream.map((one, i) => ({ ...one, timestamp: formatTime(START + EVENTS + i) }));
      const begun = process.hrtime.bigint();
      for (let i = 0; i < later.length; i++)
        run.event(later[i] as Event, START + EVENTS + i, START + EVENTS + i);
      costs.get(name)?.push(Number(process.hrtime.bigint() - begun) / 1_000 / EVENTS);
    }
  }
  const base = median(costs.get('none (stateless)') ?? []);
  const rows = [...costs].map(([name, values]) => {
    const cost = median(values);
    return [name, cost.toFixed(2), (cost - base).toFixed(2), (cost / base).toFixed(2)];
  });
  console.log(
    `\n${groups} live group${groups === 1 ? '' : 's'}, ${EVENTS} events, median of ${ROUNDS} rounds (dedupe by id included)`,
  );
  console.log(table([['remembers', 'µs/event', 'more than none', 'ratio'], ...rows]));
}
