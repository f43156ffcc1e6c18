import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const GATED = {
  limited: 'limited',
  perPeriod: 'limited-per-period',
  plain: 'plain',
  later: 'later',
} as const;

/** One trigger of each sort whose number of launches follows from the journal, all launching what the sink counts. */
export function writeKillRules(folder: string, sinkPort: number, limit: number): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'rules.yaml'),
    `
workflows:
  effect:
    executor: http
    with: { url: "http://127.0.0.1:${sinkPort}/", allow_private: true }
    timeout: 10s
    retry: { attempts: 50, initial: 50ms, factor: 2, max: 1s }
triggers:
  - trigger_id: ${GATED.plain}
    event_types: [order.paid]
    workflow_name: effect
    workflow_input: { n: "{{ event.payload.n }}" }
  - trigger_id: burst
    event_types: [page.viewed]
    group_by: [payload.user]
    condition: { threshold_reached: { aggregate: count, at_least: 20, within: 10m } }
    workflow_name: effect
    workflow_input: { views: "{{ events.size }}" }
  - trigger_id: rush
    event_types: [page.viewed]
    group_by: [payload.user]
    condition: { threshold_reached: { aggregate: count, at_least: 38, within: 2s } }
    cooldown: 1s
    workflow_name: effect
  - trigger_id: bought
    group_by: [payload.user]
    condition:
      event_sequence:
        steps: [{ event_types: [cart.opened] }, { event_types: [cart.filled] }, { event_types: [cart.paid] }]
        within: 10m
    workflow_name: effect
  - trigger_id: ${GATED.limited}
    event_types: [coupon.used]
    max_executions: ${limit}
    workflow_name: effect
  - trigger_id: ${GATED.perPeriod}
    event_types: [coupon.used]
    max_executions: { count: 5, per: 2s }
    workflow_name: effect
  - trigger_id: cooled
    event_types: [page.shared]
    group_by: [payload.user]
    cooldown: 700ms
    workflow_name: effect
  - trigger_id: ${GATED.later}
    event_types: [order.placed]
    group_by: [payload.n]
    lateness: 0s
    condition: { time_based: { after: 300ms } }
    workflow_name: effect
  - trigger_id: followed
    event_types: [workflow.completed]
    filters: { payload.trigger_id: ${GATED.plain} }
    condition: { threshold_reached: { aggregate: count, at_least: 10, within: 10m } }
    workflow_name: effect
`,
  );
}
