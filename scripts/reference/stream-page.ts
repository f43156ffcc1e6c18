import { CLIENT_MESSAGES } from '../../src/server/stream/client-messages.js';
import { CLOSE_CODES } from '../../src/server/stream/close-codes.js';
import { STREAM_LIMIT_WORDS, STREAM_LIMITS, type StreamLimits } from '../../src/server/stream/limits.js';
import type { MessageForm } from '../../src/server/stream/message-form.js';
import { SERVER_MESSAGES, STREAM_ERRORS } from '../../src/server/stream/server-messages.js';
import { STREAM_ROUTE } from '../../src/server/routes/stream.js';
import { fieldTable, type LinkTo } from './answer-fields.js';
import { block, code, json, type Page, quantity, table } from './markdown.js';

const linkTo: LinkTo = (name) => `[${name}](http.md#${name.toLowerCase()})`;

/** The protocol of the WebSocket, from the forms that the tests hold every message to. */
export function streamPage(): Page {
  return {
    name: 'stream',
    title: 'Stream',
    about: 'the WebSocket of `/v1/stream`: every message, its limits and close codes',
    parts: [
      `\`GET ${STREAM_ROUTE.path}\` is a WebSocket (scope \`${STREAM_ROUTE.scope}\`) on which a client subscribes to events, decisions and launches as they happen, or from any place of the journal. Messages are JSON objects in text frames, told apart by their \`type\`. \`triggerd tail\` is such a client. In a browser or in Node:`,
      block('js', EXAMPLE),
      'A program sends its token as `Authorization: Bearer TOKEN`. A web page, which can set no header, gives the subprotocols `bearer` and `TOKEN`, and its origin must be the daemon’s own or in `allowed_origins`: `new WebSocket(url, ["bearer", token])`.',
      '## Coming back without a gap',
      'Every event carries its `position`. A client that was away subscribes with `from` set to the last position it has had, and gets what came since then, then what happens now; nothing is missing and nothing comes twice. After a decision the place is `"position/number"`. Launches have no place of their own: they come as they stand. When a client is cut off, the reason of the close frame says from where to resume.',
      '## Messages of the client',
      ...messageParts(CLIENT_MESSAGES),
      '## Messages of the daemon',
      'Further fields may come in later versions, and messages of further types: a client ignores what it does not know.',
      ...messageParts(SERVER_MESSAGES),
      '## Errors',
      'An error says what is wrong in `message`, and mostly how to mend it in `hint`. Two have a `code`:',
      table(
        ['code', 'means'],
        Object.entries(STREAM_ERRORS).map(([name, meaning]) => [code(name), meaning]),
      ),
      'A handshake that is refused is answered over HTTP, with the [errors](http.md#errors) of every path.',
      '## Close codes',
      table(
        ['code', 'reason', 'means'],
        Object.values(CLOSE_CODES).map(({ code: number, reason, meaning }) => [
          String(number),
          reason === '' ? '' : code(reason),
          meaning,
        ]),
      ),
      'A connection that ends without a close frame (1006) was cut off to save memory, did not answer two pings, or broke on the way.',
      '## Limits',
      table(
        ['limit', 'what for'],
        Object.entries(STREAM_LIMITS).map(([name, value]) => [
          quantity(name, Number(value)),
          STREAM_LIMIT_WORDS[name as keyof StreamLimits],
        ]),
      ),
      'Clients must answer pings, as every WebSocket library does by itself.',
    ],
  };
}

function messageParts(forms: Readonly<Record<string, MessageForm>>): readonly string[] {
  return Object.entries(forms).flatMap(([type, { summary, schema, example }]) => {
    const properties = Object.fromEntries(
      Object.entries(schema.properties).filter(([name]) => name !== 'type'),
    );
    return [`### ${type}`, summary, fieldTable({ ...schema, properties }, linkTo), json(example)];
  });
}

const EXAMPLE = `const socket = new WebSocket('ws://127.0.0.1:7878/v1/stream');
socket.onopen = () => socket.send(JSON.stringify({ type: 'subscribe', event_types: ['order.*'], filters: { priority: 'high' } }));
socket.onmessage = ({ data }) => {
  const message = JSON.parse(data);
  if (message.type === 'event') console.log(message.position, message.event.event_type);
};`;
