import { SETTINGS } from '../../src/app/settings/table.js';
import { MAX_CONNECTIONS, REQUEST_TIMEOUT_MS } from '../../src/cli/commands/run.js';
import type { JsonObject } from '../../src/kernel/json.js';
import { SCOPES } from '../../src/server/http-options.js';
import { wireError } from '../../src/server/refusal.js';
import { MODE_TYPES } from '../../src/server/media-type.js';
import { openApiDocument } from '../../src/server/openapi.js';
import type { AnyRoute, RouteBody } from '../../src/server/route.js';
import { ROUTES } from '../../src/server/routes.js';
import { SCHEMAS } from '../../src/server/schemas.js';
import { fieldTable, typeOf } from './answer-fields.js';
import { fieldWords } from './field-words.js';
import { curl, eventError } from './http-examples.js';
import { block, code, codes, json, type Page, quantity, sentence, table } from './markdown.js';
import { refusalCodes } from './refusal-codes.js';

const linkHere = (name: string): string => `[${name}](#${name.toLowerCase()})`;

/** The HTTP interface, from the same table that answers requests. */
export function httpPage(serverFolder: string): Page {
  const openApi = openApiDocument(ROUTES, true);
  return {
    name: 'http',
    title: 'HTTP interface',
    about: 'every path with its scope, parameters, body, answers and errors',
    parts: [
      'The daemon listens on `http://127.0.0.1:7878` unless the settings say otherwise. The same as an OpenAPI 3.1 document is at `/openapi.json`. Times are RFC 3339 in UTC, bodies are UTF-8 and not compressed.',
      table(
        ['path', 'scope', 'does'],
        ROUTES.map((route) => [
          `[${code(`${route.method} ${route.path}`)}](#${anchorOf(route)})`,
          route.scope === 'open' ? '–' : route.scope,
          route.summary,
        ]),
      ),
      '## Tokens and scopes',
      `Without tokens in the [settings](settings.md#tokens) the daemon answers everybody on its own machine, and listens nowhere else. With tokens every request but \`GET /healthz\` needs one, with the scope of its path: ${codes(SCOPES)}. None includes another.`,
      block('sh', 'curl -H "Authorization: Bearer $TRIGGERD_TOKEN" http://127.0.0.1:7878/v1/stats'),
      'Requests of web pages of other origins are refused, unless `allowed_origins` names them.',
      '## Errors',
      'An answer of 4xx or 5xx has this body. `problems` is there when single events are wrong; then none of the request was taken.',
      json(wireError(eventError())),
      'With 429 and 503 the header `Retry-After` says after how many seconds to try again. `…` stands for what a message fills in.',
      table(
        ['code', 'status', 'means'],
        refusalCodes(serverFolder).map((one) => [
          code(one.code),
          one.statuses.join(', '),
          one.messages.map(sentence).join(' '),
        ]),
      ),
      '## Limits',
      `A body may have ${quantity('Bytes', SETTINGS.max_body.default)} unless the setting \`max_body\` says otherwise, a request ${quantity('', SETTINGS.max_events_per_request.default)} events unless \`max_events_per_request\` does. A request must arrive within ${quantity('Ms', REQUEST_TIMEOUT_MS)}. ${quantity('', MAX_CONNECTIONS)} connections may be open, those of the stream among them.`,
      '## Paths',
      ...ROUTES.flatMap((route) => routeParts(route, openApi)),
      '## Bodies and answers',
      'A field is always there unless it says that it may be missing. `events[].duplicate` is a field of each element of the list `events`. Further fields may come in later versions.',
      ...Object.entries(SCHEMAS).flatMap(([name, schema]) => schemaParts(name, schema)),
    ],
  };
}

function anchorOf({ method, path }: AnyRoute): string {
  return `${method} ${path}`
    .toLowerCase()
    .replace(/[^a-z0-9 _-]/g, '')
    .replaceAll(' ', '-');
}

function routeParts(route: AnyRoute, openApi: JsonObject): readonly string[] {
  const { method, path, scope, summary, description, parameters, body } = route;
  const paths = openApi['paths'] as Record<string, Record<string, JsonObject>>;
  const operation = paths[path.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()] as JsonObject;
  const responses = operation['responses'] as Record<string, JsonObject>;
  const query = Object.entries(parameters);
  return [
    `### ${method} ${path}`,
    `${summary} ${scope === 'open' ? 'It needs no token.' : `Scope: ${code(scope)}.`}`,
    description ?? '',
    query.length === 0
      ? ''
      : table(
          ['parameter', 'takes', 'meaning'],
          query.map(([name, { schema, description: meaning, repeatable }]) => [
            code(name),
            parameterType(schema),
            `${meaning}${repeatable ? ' It may stand several times.' : ''}`,
          ]),
        ),
    body === null ? '' : bodyWords(body),
    path === '/v1/stream' ? '' : block('sh', curl(route)),
    table(
      ['status', 'when', 'answer'],
      Object.entries(responses).map(([status, response]) => [
        status,
        String(response['description']),
        answerType(response),
      ]),
    ),
    path === '/v1/stream' ? 'The messages are in [stream](stream.md).' : '',
  ];
}

function parameterType(schema: JsonObject): string {
  const examples = (schema['examples'] as readonly string[] | undefined) ?? [];
  const bounds =
    schema['minimum'] === undefined || Number(schema['maximum']) >= Number.MAX_SAFE_INTEGER
      ? ''
      : ` from ${String(schema['minimum'])} to ${String(schema['maximum'])}`;
  const missing = schema['default'] === undefined ? '' : `, ${String(schema['default'])} when left out`;
  const like = examples.length === 0 ? '' : ` like ${codes(examples)}`;
  const items = schema['items'] as JsonObject | undefined;
  return `${typeOf(items ?? schema, linkHere).replaceAll('"', '')}${bounds}${like}${missing}`;
}

function bodyWords({ modes, required, schema, description }: RouteBody): string {
  const types = modes.map((mode) =>
    mode === 'cloud-event-binary'
      ? 'any content type with `ce-` headers (a CloudEvent in binary mode)'
      : code(MODE_TYPES[mode]),
  );
  return `Body${required ? '' : ' (may be left out)'}: ${description} See ${linkHere(schema)}. Content types: ${types.join(', ')}.`;
}

function answerType(response: JsonObject): string {
  const content = Object.entries((response['content'] as Record<string, JsonObject> | undefined) ?? {});
  const [type, { schema = {} } = {}] = content[0] ?? [];
  if (type === undefined) return '';
  return type === 'application/json' ? typeOf(schema as JsonObject, linkHere) : code(type);
}

function schemaParts(name: string, schema: JsonObject): readonly string[] {
  const fields = fieldTable(schema, linkHere, (path) => fieldWords(name, path));
  const choices = schema['oneOf'] as readonly JsonObject[] | undefined;
  return [
    `### ${name}`,
    (schema['description'] as string | undefined) ?? '',
    choices === undefined ? '' : sentence(choices.map((one) => typeOf(one, linkHere)).join(', or ')),
    fields,
    fields === '' && choices === undefined ? 'An object.' : '',
  ];
}
