import { systemClock } from '../../app/clock.js';
import { Fault } from '../../kernel/fault.js';
import { type Json, type JsonObject, setOwn } from '../../kernel/json.js';
import { followStream, type StreamRequest } from '../client/follow-stream.js';
import { DAEMON_OPTIONS, daemonOf, TYPE_OPTION } from '../client/options.js';
import { parsePathValue } from '../client/path-values.js';
import type { CommandContext, CommandDefinition, CommandInput } from '../command.js';
import { createJsonLinesList, createJsonList, type ListWriter } from '../output/list-writer.js';
import { streamText } from '../output/stream-text.js';
import { formatOption } from '../shared-options.js';

export const tail: CommandDefinition = {
  description:
    'Follows what happens in a running daemon: events as they come in, with --decisions and --launches also what they lead to. A connection that breaks is made again and goes on where it ended, with nothing left out and nothing twice. Ends at Ctrl-C.',
  arguments: [],
  options: [
    TYPE_OPTION,
    {
      name: 'filter',
      value: 'PATH=VALUE',
      description:
        'only events that pass this field test: payload.region=eu, or a whole test as JSON, payload.total=\'{"at_least": 5}\'; may be given several times',
      repeatable: true,
      completes: 'nothing',
    },
    {
      name: 'session',
      value: 'ID',
      description: 'of this session only, on any channel',
      completes: 'nothing',
    },
    { name: 'decisions', description: 'also what was decided on them' },
    { name: 'launches', description: 'also the launches they led to, and what becomes of each' },
    {
      name: 'from',
      value: 'POSITION',
      description: 'what comes behind this position of the journal; or beginning, or now, as when left out',
      completes: 'nothing',
    },
    ...DAEMON_OPTIONS,
    formatOption(['text', 'json', 'jsonl']),
  ],
  examples: [
    { command: 'triggerd tail', does: 'every event from now on' },
    {
      command: 'triggerd tail --type order.* --filter \'payload.total={"at_least": 100}\' --launches',
      does: 'large orders, and what they launch',
    },
    { command: 'triggerd tail --session s-17', does: 'one session, on all its channels' },
    {
      command: 'triggerd tail --from beginning --format jsonl | jq -c .event > history.jsonl',
      does: 'all recorded events, and those that follow',
    },
  ],
  exits: [
    'ended by Ctrl-C, or nobody reads the output any more',
    null,
    'wrong usage, or the daemon cannot be reached or refused',
  ],
  async run(input, context) {
    const from = fromOf(input);
    const request = requestOf(input);
    const daemon = daemonOf(input, context);
    const writer = writerOf(input, context);
    const ending = new AbortController();
    const end = (): void => ending.abort();
    process.on('SIGINT', end);
    process.on('SIGTERM', end);
    try {
      await followStream({
        daemon,
        request,
        from,
        clock: systemClock,
        signal: ending.signal,
        message: (message) => writer.page([withoutId(message)]),
        note: (text) => context.note(context.noteStyle.dim(text)),
      });
      writer.end();
    } finally {
      process.off('SIGINT', end);
      process.off('SIGTERM', end);
    }
    return 0;
  },
};

function fromOf(input: CommandInput): string {
  const from = input.value('from') ?? 'now';
  if (from === 'now' || from === 'beginning' || /^\d{1,15}(?:\/\d{1,9})?$/.test(from)) return from;
  throw new Fault('usage', `--from takes a position, now or beginning, not ${JSON.stringify(from)}`, {
    hint: 'triggerd events shows the positions',
  });
}

function requestOf(input: CommandInput): StreamRequest {
  const filters: Record<string, Json> = {};
  for (const text of input.list('filter')) {
    const { path, value } = parsePathValue(text, 'filter');
    if (Object.hasOwn(filters, path)) {
      throw new Fault('usage', `--filter ${path} is given twice`, {
        hint: `write one test: --filter ${path}='{"at_least": 5, "less_than": 10}'`,
      });
    }
    setOwn(filters, path, value);
  }
  const types = input.list('type');
  return {
    event_types: types.length === 0 ? ['*'] : types,
    filters,
    session_id: input.value('session'),
    kinds: [
      'event',
      ...(input.flag('decisions') ? ['decision'] : []),
      ...(input.flag('launches') ? ['launch'] : []),
    ],
  };
}

function writerOf(input: CommandInput, context: CommandContext): ListWriter<JsonObject> {
  const write = (text: string): void => context.out(text);
  switch (input.value('format') ?? 'text') {
    case 'json':
      return createJsonList('messages', write);
    case 'jsonl':
      return createJsonLinesList(write);
    default:
      return {
        page: (messages) => write(messages.map((message) => streamText(message, context.style)).join('')),
        end() {},
      };
  }
}

/** The subscription is the connection's business: each has another. */
function withoutId({ subscription_id: _, ...message }: JsonObject): JsonObject {
  return message;
}
