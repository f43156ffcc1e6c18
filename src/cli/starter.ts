/** A file of the starter folder; paths are relative to it, with forward slashes. */
export interface StarterFile {
  readonly path: string;
  readonly text: string;
}

const TRIGGERS = `# yaml-language-server: $schema=./rule-file.schema.json
#
# Triggers: which events launch which workflow. See what they do with
#   triggerd dry-run --events rules/samples/events.jsonl
triggers:
  # Decided by one event alone: every filter must hold.
  - trigger_id: checkout-failed-critical
    description: A critical checkout failure pages whoever is on call.
    event_types: [workflow.failed]
    filters:
      payload.workflow_name: checkout # a plain value: equal, and of the same type
      priority: critical
    workflow_name: page-on-call
    workflow_input:
      # Templates read the event; a missing value is null unless there is a default.
      text: "Checkout failed in {{ event.payload.region }}: {{ event.payload.error | default: 'no reason given' }}"
    cooldown: 10m # after a page, the next at the earliest ten minutes later

  # Remembers: counts events of the last minute, separately for each region.
  - trigger_id: checkout-error-burst
    description: Five failed checkouts within a minute open one incident per region.
    event_types: [workflow.failed]
    filters:
      payload.workflow_name: checkout
    group_by: [payload.region]
    condition:
      threshold_reached: { aggregate: count, at_least: 5, within: 60s }
    workflow_name: open-incident
    workflow_input:
      region: "{{ event.payload.region }}"
      failures: "{{ events.size }}" # nothing but a template: stays a number
    cooldown: 30m

  # Fires because something did not happen.
  - trigger_id: payment-unanswered
    description: An order whose payment is not settled within 15 minutes gets a look.
    event_types: [order.placed]
    filters:
      payload.total: { greater_than: 0 }
    group_by: [payload.order_id]
    condition:
      time_based:
        after: 15m
        unless: { event_types: [payment.settled] }
    workflow_name: review-order
    workflow_input:
      order_id: "{{ event.payload.order_id }}"
`;

const WORKFLOWS = `# yaml-language-server: $schema=./rule-file.schema.json
#
# Workflows: how what triggers name is launched. Checks, dry runs and tests launch nothing.
workflows:
  page-on-call:
    description: Sends a message to the pager.
    executor: http
    with:
      url: https://pager.example.com/api/pages
      method: POST
      body: { text: "{{ input.text }}" }

  open-incident:
    description: Opens an incident in the tracker.
    executor: http
    with:
      url: https://tracker.example.com/api/incidents
      method: POST
      # A secret is named here, never written: it is read from the environment at launch.
      headers: { Authorization: { secret: { env: TRACKER_TOKEN }, prefix: "Bearer " } }
      body:
        title: "Checkout failing in {{ input.region }}"
        failures: "{{ input.failures }}"
    retry: { attempts: 5, initial: 1s, max: 1m }

  review-order:
    description: Writes a line to the log.
    executor: log
    with:
      message: "order {{ input.order_id }} waits for its payment"
      level: warn
`;

const TESTS = `# yaml-language-server: $schema=./rule-file.schema.json
#
# Rule tests: events on a virtual clock, and the complete list of launches they lead to. Run them with
#   triggerd test
tests:
  - name: one critical failure pages once, a second within ten minutes does not
    triggers: [checkout-failed-critical]
    events:
      - { at: 0s, event_type: workflow.failed, priority: critical, payload: { workflow_name: checkout, region: eu, error: timeout } }
      - { at: 9m, event_type: workflow.failed, priority: critical, payload: { workflow_name: checkout, region: us } }
    expect:
      - { at: 0s, trigger_id: checkout-failed-critical, workflow_name: page-on-call, input: { text: "Checkout failed in eu: timeout" } }
    suppressed:
      - { at: 9m, trigger_id: checkout-failed-critical, gate: cooldown }

  - name: another workflow, or a lower priority, pages nobody
    triggers: [checkout-failed-critical]
    events:
      - { at: 0s, event_type: workflow.failed, priority: critical, payload: { workflow_name: newsletter, region: eu } }
      - { at: 1s, event_type: workflow.failed, priority: high, payload: { workflow_name: checkout, region: eu } }
    expect: []

  - name: five failures in one region open an incident, five spread over two regions do not
    triggers: [checkout-error-burst]
    events:
      - { at: 0s, repeat: { times: 3, every: 1s }, event_type: workflow.failed, payload: { workflow_name: checkout, region: us } }
      - { at: 10s, repeat: { times: 5, every: 1s }, event_type: workflow.failed, payload: { workflow_name: checkout, region: eu } }
    expect:
      - { at: 14s, trigger_id: checkout-error-burst, workflow_name: open-incident, input: { region: eu, failures: 5 } }

  - name: an unsettled payment is reviewed; a settled one, and an order for nothing, are not
    triggers: [payment-unanswered]
    events:
      - { at: 0s, event_type: order.placed, payload: { order_id: A1, total: 40 } }
      - { at: 1m, event_type: order.placed, payload: { order_id: B2, total: 25 } }
      - { at: 2m, event_type: order.placed, payload: { order_id: C3, total: 0 } }
      - { at: 5m, event_type: payment.settled, payload: { order_id: B2 } }
    until: 1h
    expect:
      - { at: 15m, trigger_id: payment-unanswered, workflow_name: review-order, input: { order_id: A1 } }
`;

const SAMPLES: readonly object[] = [
  {
    event_id: 'order-1',
    event_type: 'order.placed',
    timestamp: '2026-01-05T09:00:00Z',
    payload: { order_id: 'A1', total: 40 },
  },
  ...[0, 1, 2, 3, 4].map((second) => ({
    event_id: `failed-${second + 1}`,
    event_type: 'workflow.failed',
    timestamp: `2026-01-05T09:01:0${second}Z`,
    priority: second === 4 ? 'critical' : 'high',
    payload: { workflow_name: 'checkout', region: 'eu', error: 'payment provider timed out' },
  })),
  {
    event_id: 'failed-6',
    event_type: 'workflow.failed',
    timestamp: '2026-01-05T09:02:00Z',
    priority: 'critical',
    payload: { workflow_name: 'newsletter', region: 'eu', error: 'no recipients' },
  },
  {
    event_id: 'order-2',
    event_type: 'order.placed',
    timestamp: '2026-01-05T09:20:00Z',
    payload: { order_id: 'B2', total: 25 },
  },
];

/** The starter folder: two files of rules, their tests, and events to try them on. */
export const STARTER_FILES: readonly StarterFile[] = [
  { path: 'checkout.yaml', text: TRIGGERS },
  { path: 'workflows.yaml', text: WORKFLOWS },
  { path: 'checkout.test.yaml', text: TESTS },
  { path: 'samples/events.jsonl', text: SAMPLES.map((event) => `${JSON.stringify(event)}\n`).join('') },
];
