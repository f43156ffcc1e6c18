import { CURSOR_PATTERN } from './cursor.js';
import { STREAM_LIMITS } from './limits.js';
import { type MessageForm, messageForm } from './message-form.js';
import { STREAM_KINDS } from './stream-kinds.js';

/** Longest session id; longer ones no event has. */
export const SESSION_ID_MAX_CHARS = 256;

/** What a client may send, by type. A key that is null counts as left out. */
export const CLIENT_MESSAGES = {
  subscribe: messageForm(
    'subscribe',
    'Asks for events, decisions and launches. The answer is `subscription_created`, or an `error`. A key that is nearly one of these is an error; any other is ignored.',
    {
      event_types: {
        type: ['array', 'null'],
        items: { type: 'string' },
        maxItems: STREAM_LIMITS.maxEventTypes,
        description:
          'Event types to hear: names, or patterns in which a final `*` stands for one or more segments. Every type when left out, none when empty. What is nearly a core type is an error.',
      },
      filters: {
        type: ['object', 'null'],
        description:
          'Field tests of the rule language, which must all hold for the event, such as `{"priority": {"at_least": "high"}}`. A decision or launch is selected by the event it was made on.',
      },
      session_id: {
        type: ['string', 'null'],
        maxLength: SESSION_ID_MAX_CHARS,
        description: 'Only what belongs to this session, on whatever channel it happens.',
      },
      kinds: {
        type: ['array', 'null'],
        items: { type: 'string', enum: STREAM_KINDS },
        minItems: 1,
        description: 'What to be told of: `event`, `decision`, `launch`. Events alone when left out.',
      },
      from: {
        anyOf: [
          { enum: ['now', 'beginning', null] },
          { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER },
          { type: 'string', pattern: CURSOR_PATTERN },
        ],
        description:
          'Where to begin: `"now"` (when left out), `"beginning"`, or behind a position of the journal (`1204`, or `"1204/2"` behind its second decision). It goes over from the journal to what happens now without a gap and without a repetition.',
      },
    },
    {
      optional: ['event_types', 'filters', 'session_id', 'kinds', 'from'],
      example: {
        event_types: ['order.*', 'workflow.failed'],
        filters: { 'payload.region': 'eu' },
        session_id: null,
        kinds: ['event', 'launch'],
        from: 1204,
      },
    },
  ),
  unsubscribe: messageForm(
    'unsubscribe',
    'Ends a subscription of this connection. The answer is `unsubscribed`.',
    { subscription_id: { type: 'string', description: 'As `subscription_created` said.' } },
    { example: { subscription_id: 'sub_0198c0de' } },
  ),
  get_stats: messageForm(
    'get_stats',
    'Asks for figures of the stream. The answer is `stats`.',
    {},
    { example: {} },
  ),
} as const satisfies Readonly<Record<string, MessageForm>>;

export type ClientMessageType = keyof typeof CLIENT_MESSAGES;
