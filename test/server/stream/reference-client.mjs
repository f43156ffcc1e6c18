/**
 * Written from the text of the Nexus event reference alone (its EventStreamManager and handle_client_message), for the
 * WebSocket client that Node itself has. Takes the daemon's address and what to post events to; ends with 0 when every
 * message was as the reference has it, word for word.
 */
import assert from 'node:assert/strict';

const [origin] = process.argv.slice(2);
const timers = setTimeout(() => {
  console.error('no answer came in time');
  process.exit(1);
}, 10_000);

/** A connection whose messages are asked for one by one. */
function connect() {
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/v1/stream`);
  const messages = [];
  let wake = () => undefined;
  socket.addEventListener('message', ({ data }) => {
    messages.push(JSON.parse(data));
    wake();
  });
  const next = async () => {
    while (messages.length === 0) await new Promise((resolve) => (wake = resolve));
    return messages.shift();
  };
  const opened = new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', () => reject(new Error('the connection failed')));
  });
  return {
    next,
    opened,
    waiting: () => messages.length,
    send: (message) => socket.send(JSON.stringify(message)),
    sendText: (text) => socket.send(text),
    close: () =>
      new Promise((resolve) => {
        socket.addEventListener('close', resolve);
        socket.close();
      }),
  };
}

/** Every key of the reference's message is there with its value; others may be. */
function has(message, expected) {
  for (const [key, value] of Object.entries(expected)) {
    assert.ok(Object.hasOwn(message, key), `${key} is missing in ${JSON.stringify(message)}`);
    if (value instanceof RegExp) assert.match(message[key], value);
    else assert.deepEqual(message[key], value, key);
  }
}

const event = (fields) => ({
  event_type: 'user.action',
  source: 'shop',
  payload: {},
  priority: 'normal',
  ...fields,
});
async function publish(...events) {
  const response = await fetch(`${origin}/v1/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(events.map(event)),
  });
  assert.equal(response.status, 202);
}

const client = connect();
await client.opened;

// The welcome.
const welcome = await client.next();
has(welcome, {
  type: 'connection_established',
  client_id: /^client_.+/,
  timestamp: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/,
  capabilities: ['event_streaming', 'real_time_updates', 'filtered_subscriptions'],
});

// Subscribe: to event types, with the filters the reference knows.
client.send({ type: 'subscribe', event_types: ['user.action', 'workflow.failed'], filters: {} });
const all = await client.next();
has(all, {
  type: 'subscription_created',
  subscription_id: /^sub_.+/,
  event_types: ['user.action', 'workflow.failed'],
  filters: {},
});

await publish({ event_id: 'one', event_type: 'node.started' }, { event_id: 'two', payload: { action: 'login' } });
const told = await client.next();
has(told, { type: 'event', subscription_id: all.subscription_id });
has(told.event, {
  event_id: 'two',
  event_type: 'user.action',
  source: 'shop',
  target: null,
  payload: { action: 'login' },
  metadata: {},
  timestamp: /^\d{4}-\d\d-\d\dT/,
  priority: 'normal',
  correlation_id: null,
  session_id: null,
  user_id: null,
  channel: null,
  retryable: true,
  max_retries: 3,
  retry_count: 0,
});

// Filter by session, once as a filter and once as the subscription's own session.
client.send({ type: 'unsubscribe', subscription_id: all.subscription_id });
has(await client.next(), { type: 'unsubscribed', subscription_id: all.subscription_id, success: true });
for (const selecting of [{ filters: { session_id: 's-1' } }, { filters: {}, session_id: 's-1' }]) {
  client.send({ type: 'subscribe', event_types: ['user.action'], ...selecting });
  const created = await client.next();
  has(created, { type: 'subscription_created', event_types: ['user.action'], filters: selecting.filters });
  await publish(
    { session_id: 's-2', user_id: 'other' },
    { session_id: 's-1', user_id: 'own', channel: 'api' },
    { session_id: null },
    { session_id: 's-1', user_id: 'own', channel: 'cli' },
  );
  for (const channel of ['api', 'cli']) {
    const own = await client.next();
    has(own, { type: 'event', subscription_id: created.subscription_id });
    has(own.event, { session_id: 's-1', user_id: 'own', channel });
  }
  client.send({ type: 'unsubscribe', subscription_id: created.subscription_id });
  has(await client.next(), { type: 'unsubscribed', subscription_id: created.subscription_id, success: true });
}
for (const filters of [{ user_id: 'u-1' }, { source: 'bank' }, { priority: 'high' }, { source: 'bank', priority: 'low' }]) {
  client.send({ type: 'subscribe', event_types: ['user.action'], filters });
  const created = await client.next();
  has(created, { type: 'subscription_created', filters });
  await publish({}, filters, { source: 'elsewhere' });
  has((await client.next()).event, filters);
  client.send({ type: 'unsubscribe', subscription_id: created.subscription_id });
  has(await client.next(), { type: 'unsubscribed', success: true });
}

// Unsubscribe: of nothing; without an id.
client.send({ type: 'unsubscribe', subscription_id: 'sub_none' });
has(await client.next(), { type: 'unsubscribed', subscription_id: 'sub_none', success: false });
client.send({ type: 'unsubscribe' });
has(await client.next(), { type: 'unsubscribed', subscription_id: null, success: false });

// Invalid JSON: exactly this, and the connection stays.
for (const text of ['{', 'hello', '', "{'type': 'subscribe'}"]) {
  client.sendText(text);
  assert.deepEqual(await client.next(), { type: 'error', message: 'Invalid JSON message' });
}

// Statistics, with a second client.
const other = connect();
await other.opened;
has(await other.next(), { type: 'connection_established' });
other.send({ type: 'subscribe', event_types: ['user.action', 'node.failed'] });
has(await other.next(), { type: 'subscription_created', event_types: ['user.action', 'node.failed'], filters: {} });
client.send({ type: 'subscribe', event_types: ['user.action'], filters: {}, session_id: null });
await client.next();
client.send({ type: 'get_stats' });
const stats = await client.next();
has(stats, { type: 'stats' });
has(stats.stats, {
  active_streams: 2,
  total_subscriptions: 2,
  connected_clients: 2,
  subscriptions_by_type: { 'user.action': 2, 'node.failed': 1 },
});

// Who leaves is counted no more, nor are its subscriptions.
await other.close();
let after;
do {
  client.send({ type: 'get_stats' });
  after = (await client.next()).stats;
} while (after.connected_clients === 2);
has(after, {
  active_streams: 1,
  total_subscriptions: 1,
  connected_clients: 1,
  subscriptions_by_type: { 'user.action': 1 },
});

assert.equal(client.waiting(), 0);
await client.close();
clearTimeout(timers);
console.log('as the reference has it');
