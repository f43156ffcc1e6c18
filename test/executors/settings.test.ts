import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { executorKinds } from '../../src/executors/registry.js';
import type { JsonObject } from '../../src/kernel/json.js';

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, allErrors: true });

function takes(executor: string, settings: JsonObject): boolean {
  const kind = executorKinds.find(({ name }) => name === executor);
  if (kind === undefined) throw new TypeError(executor);
  return ajv.validate(kind.schema, settings);
}

const smtp = { host: 'localhost' };
const mail = { to: 'a@example.com', from: 'b@example.com', subject: 's', text: 't', smtp };
const url = 'https://example.com';
const slackUrl = { secret: { env: 'URL' } };

test.each<[string, JsonObject]>([
  ['log', {}],
  ['command', { argv: ['ls', '{{ input.path }}'] }],
  ['http', { url: '{{ input.callback }}' }],
  ['http', { url: { secret: { env: 'URL' } } }],
  ['http', { url, headers: { Authorization: { secret: { file: '/x' }, prefix: 'Bearer ' } } }],
  ['http', { url, body: null }],
  ['http', { url, body: ['{{ input.a }}', 5] }],
  ['http', { url, sign: { secret: { env: 'KEY' } } }],
  ['module', { file: 'a.ts' }],
  ['emit', { event_type: 'incident.{{ input.kind }}', priority: '{{ input.priority }}' }],
  ['emit', { event_type: 'a', payload: '{{ launch.workflow_input }}', target: null }],
  ['email', mail],
  ['email', { to: 'a@example.com', from: 'b@example.com', subject: 's', text: 't' }],
  ['email', { ...mail, to: ['a@example.com', 'c@example.com'] }],
  ['slack', { url: slackUrl, text: 't', blocks: [{ type: 'divider' }] }],
  ['webhook', { url, secret: { env: 'KEY' } }],
  ['nats', { servers: 'nats://a', subject: 'a.b' }],
])('%s takes %j', (executor, settings) => {
  expect(takes(executor, settings)).toBe(true);
});

test.each<[string, JsonObject]>([
  ['log', { level: 'loud' }],
  ['command', { argv: 'ls -l' }],
  ['command', { argv: [] }],
  ['command', { argv: ['ls', 5] }],
  ['command', { argv: ['ls'], env: { 'A-B': 'x' } }],
  ['http', { url: 'ftp://example.com' }],
  ['http', { url: 'file:///etc/passwd' }],
  ['http', { url, method: 'post' }],
  ['http', { url, success: [99] }],
  ['http', { url, headers: { 'a b': 'x' } }],
  ['http', { url, headers: { A: { secret: 'plain' } } }],
  ['http', { url, headers: { A: { secret: { env: 'A', file: 'B' } } } }],
  ['http', { url, headers: { A: { secret: {} } } }],
  ['http', { url, headers: { A: { secret: { vault: 'a' } } } }],
  ['http', { url, headers: { A: { secret: { env: 'A' }, sufix: 'b' } } }],
  ['http', { url, headers: { A: { prefix: 'b' } } }],
  ['module', { file: 'a.sh' }],
  ['emit', { event_type: 'a..b' }],
  ['emit', { event_type: 'a', priority: 'urgent' }],
  ['emit', { event_type: 'a', payload: 'text' }],
  ['emit', { event_type: 'a', event_id: '1' }],
  ['emit', { event_type: 'a', timestamp: '2026-01-01T00:00:00Z' }],
  ['email', { ...mail, to: [] }],
  ['email', { ...mail, smtp: { host: 'a', password: 'plain' } }],
  ['email', { ...mail, smtp: { host: 'a', user: 'b' } }],
  ['slack', { url: 'https://hooks.slack.com/services/T/B/x', text: 't' }],
  ['webhook', { url, secret: 'whsec_plain' }],
  ['nats', { servers: 'nats://a', subject: 'a.*' }],
  ['nats', { servers: 'nats://a', subject: 'a', token: 'plain' }],
])('%s refuses %j', (executor, settings) => {
  expect(takes(executor, settings)).toBe(false);
});
