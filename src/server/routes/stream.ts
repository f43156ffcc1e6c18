import { Refusal } from '../refusal.js';
import { defineRoute } from '../route.js';

/** The stream, as those see it who ask for it without a WebSocket. */
export const STREAM_ROUTE = defineRoute({
  method: 'GET',
  path: '/v1/stream',
  scope: 'read',
  summary: 'Follows events, decisions and launches over a WebSocket.',
  description:
    'After the handshake the messages are JSON texts: subscribe, unsubscribe and get_stats from the client; ' +
    'connection_established, subscription_created, unsubscribed, stats, event, decision, launch and error from the daemon. ' +
    'Browsers give their token as the subprotocols bearer and TOKEN.',
  parameters: {},
  body: null,
  success: { status: 101, description: 'The connection is a WebSocket now.', schema: null },
  others: { 426: { status: 426, description: 'The request was no WebSocket handshake.', schema: 'Error' } },
  answer() {
    throw new Refusal(426, 'upgrade-required', 'the stream is a WebSocket', {
      hint: 'connect with a WebSocket client, or with triggerd tail',
      headers: { upgrade: 'websocket', connection: 'Upgrade' },
    });
  },
});
