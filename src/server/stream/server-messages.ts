import { CLIENT_MESSAGES } from './client-messages.js';
import { ITEM_MESSAGES } from './item-messages.js';
import { count, cursor, SUBSCRIPTION_ID, texts } from './message-fields.js';
import { type MessageForm, messageForm } from './message-form.js';
import { STREAM_KINDS } from './stream-kinds.js';

/** What the stream can do, in the words of the Nexus event reference. */
export const CAPABILITIES = ['event_streaming', 'real_time_updates', 'filtered_subscriptions'];
/** And beyond that. */
export const EXTENSIONS = ['field_tests', 'decisions', 'launches', 'resume'];

/** The errors that a client may want to tell from others, by their `code`. */
export const STREAM_ERRORS = {
  'position-unknown':
    'The journal does not reach as far as `from`: this is probably another journal. There is no subscription.',
  'events-gone':
    'Events behind `from` are no longer kept; `missing` says which. The subscription goes on with those that are.',
} as const;
export type StreamErrorCode = keyof typeof STREAM_ERRORS;

/** What the daemon sends, by type. Further keys may come in later versions. */
export const SERVER_MESSAGES = {
  connection_established: messageForm(
    'connection_established',
    'The first message of a connection.',
    {
      client_id: { type: 'string', pattern: '^client_', description: 'Name of this connection.' },
      timestamp: { type: 'string', format: 'date-time', description: 'When it was made.' },
      capabilities: texts('What the stream can do.'),
      extensions: texts('And what beyond that.'),
      position: cursor('Where the journal ends now.'),
    },
    {
      example: {
        client_id: 'client_0198c0dd',
        timestamp: '2026-03-01T12:00:00Z',
        capabilities: CAPABILITIES,
        extensions: EXTENSIONS,
        position: '1210',
      },
    },
  ),
  subscription_created: messageForm(
    'subscription_created',
    'Answers `subscribe`; what was left out is filled in.',
    {
      subscription_id: { ...SUBSCRIPTION_ID, description: 'Name of the subscription, for `unsubscribe`.' },
      event_types: texts('As asked for.'),
      filters: { type: 'object', description: 'As asked for.' },
      session_id: { type: ['string', 'null'], description: 'As asked for.' },
      kinds: {
        type: 'array',
        items: { type: 'string', enum: STREAM_KINDS },
        description: 'What is told.',
      },
      from: cursor('Where it begins.'),
    },
    {
      example: {
        subscription_id: 'sub_0198c0de',
        event_types: ['order.*', 'workflow.failed'],
        filters: { 'payload.region': 'eu' },
        session_id: null,
        kinds: ['event', 'launch'],
        from: '1204',
      },
    },
  ),
  unsubscribed: messageForm(
    'unsubscribed',
    'Answers `unsubscribe`: nothing more comes for that subscription.',
    {
      subscription_id: { description: 'As it was sent; null when there was none.' },
      success: { type: 'boolean', description: 'False when this connection has no such subscription.' },
    },
    { example: { subscription_id: 'sub_0198c0de', success: true } },
  ),
  stats: messageForm(
    'stats',
    'Answers `get_stats`.',
    {
      stats: {
        type: 'object',
        description: 'Figures of all connections.',
        required: [
          ...['active_streams', 'total_subscriptions', 'connected_clients', 'subscriptions_by_type'],
          ...['dropped', 'sent', 'buffered_bytes'],
        ],
        properties: {
          active_streams: count('Connections that are open.'),
          total_subscriptions: count('Subscriptions of all of them.'),
          connected_clients: count('Clients that are connected.'),
          subscriptions_by_type: {
            type: 'object',
            additionalProperties: { type: 'integer', minimum: 0 },
            description: 'How many subscriptions name an event type or pattern.',
          },
          dropped: count('Clients that were dropped since the start, too slow or gone without a word.'),
          sent: count('Messages about events, decisions and launches since the start.'),
          buffered_bytes: count('Bytes that wait for slow clients.'),
        },
      },
    },
    {
      example: {
        stats: {
          active_streams: 2,
          total_subscriptions: 3,
          connected_clients: 2,
          subscriptions_by_type: { 'order.*': 2, 'workflow.failed': 3 },
          dropped: 0,
          sent: 5120,
          buffered_bytes: 0,
        },
      },
    },
  ),
  ...ITEM_MESSAGES,
  error: messageForm(
    'error',
    'A message was not taken, or a subscription has a gap. The connection stays. What is not JSON is answered `Invalid JSON message`.',
    {
      message: { type: 'string', minLength: 1, description: 'What is wrong.' },
      hint: { type: 'string', minLength: 1, description: 'How to mend it.' },
      in_reply_to: {
        type: 'string',
        enum: Object.keys(CLIENT_MESSAGES),
        description: 'Type of the message it is about.',
      },
      code: {
        type: 'string',
        enum: Object.keys(STREAM_ERRORS),
        description: 'A stable word, for errors that a client may want to tell from others.',
      },
      subscription_id: { ...SUBSCRIPTION_ID, description: 'The subscription that has a gap.' },
      missing: {
        type: 'object',
        description: 'The gap, both positions included.',
        required: ['from', 'to'],
        properties: { from: count('First position.'), to: count('Last position.') },
      },
    },
    {
      optional: ['hint', 'in_reply_to', 'code', 'subscription_id', 'missing'],
      example: {
        message: 'there is no core event type workflow.faild',
        hint: 'did you mean workflow.failed?',
        in_reply_to: 'subscribe',
      },
    },
  ),
} as const satisfies Readonly<Record<string, MessageForm>>;
