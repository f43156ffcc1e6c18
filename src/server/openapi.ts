import type { JsonObject } from '../kernel/json.js';
import { SCOPES } from './http-options.js';
import { MODE_TYPES } from './media-type.js';
import type { AnyRoute, RouteAnswer, RouteBody } from './route.js';
import { SCHEMAS, type SchemaName } from './schemas.js';

const error = (description: string): JsonObject => ({ description, content: jsonOf('Error') });

/** Generates the OpenAPI 3.1 document of a route table. With `needsToken`, it says which scope each route needs. */
export function openApiDocument(routes: readonly AnyRoute[], needsToken: boolean): JsonObject {
  const paths: Record<string, Record<string, JsonObject>> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route, needsToken) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'triggerd',
      version: '1',
      description: `Events in, decisions and launches out. Scopes: ${SCOPES.join(', ')}; none includes another.`,
    },
    paths,
    components: {
      schemas: SCHEMAS,
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
    },
  };
}

function operation(route: AnyRoute, needsToken: boolean): JsonObject {
  const parameters = [...pathParameters(route), ...queryParameters(route)];
  return {
    operationId: operationId(route),
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    'x-scope': route.scope,
    security: needsToken && route.scope !== 'open' ? [{ token: [route.scope] }] : [],
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(route.body === null ? {} : { requestBody: requestBody(route.body) }),
    responses: responses(route, needsToken),
  };
}

/** `GET /v1/launches/:id` → `getLaunchesId`. */
function operationId({ method, path }: AnyRoute): string {
  const words = path.split(/[^A-Za-z]+/).filter((word) => word !== '' && word !== 'v' && word !== 'json');
  return method.toLowerCase() + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

function pathParameters({ path }: AnyRoute): JsonObject[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

function queryParameters({ parameters }: AnyRoute): JsonObject[] {
  return Object.entries(parameters).map(([name, { description, schema }]) => ({
    name,
    in: 'query',
    description,
    schema,
  }));
}

function requestBody({ modes, required, description, schema }: RouteBody): JsonObject {
  const content: Record<string, JsonObject> = {};
  for (const mode of modes) {
    switch (mode) {
      case 'json':
        content[MODE_TYPES.json] = { schema: refTo(schema) };
        break;
      case 'ndjson':
        content[MODE_TYPES.ndjson] = { schema: { type: 'string', description: 'One event a line.' } };
        break;
      case 'cloud-event':
        content[MODE_TYPES[mode]] = {
          schema: { type: 'object', required: ['specversion', 'id', 'source', 'type'] },
        };
        break;
      case 'cloud-events':
        content[MODE_TYPES[mode]] = { schema: { type: 'array', items: { type: 'object' } } };
        break;
      case 'cloud-event-binary':
        content['*/*'] = {
          schema: { description: 'With ce- headers: the data of a CloudEvent in binary mode.' },
        };
        break;
    }
  }
  return { description, required, content };
}

function responses(route: AnyRoute, needsToken: boolean): JsonObject {
  const all: Record<string, JsonObject> = { [route.success.status]: response(route.success) };
  const takesInput = route.body !== null || Object.keys(route.parameters).length > 0;
  if (takesInput) all['400'] = error('Something in the request does not fit.');
  if (needsToken && route.scope !== 'open') {
    all['401'] = error('No token, or one that is not known.');
    all['403'] = error(`The token does not have the scope ${route.scope}.`);
  }
  if (route.body !== null) {
    all['413'] = error('Larger than is taken.');
    all['415'] = error('A content type or encoding that is not understood.');
    all['503'] = { ...error('Not now: stopping, overloaded, or out of space.'), headers: RETRY_AFTER };
  }
  if (route.intake === true) all['429'] = { ...error('More than is taken.'), headers: RETRY_AFTER };
  for (const other of Object.values(route.others ?? {})) all[String(other.status)] = response(other);
  return all;
}

const RETRY_AFTER = { 'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer' } } };

function response({ description, schema, contentType = 'text/plain' }: RouteAnswer): JsonObject {
  const content = schema === null ? { [contentType]: { schema: { type: 'string' } } } : jsonOf(schema);
  return { description, content };
}

function jsonOf(schema: SchemaName): JsonObject {
  return { 'application/json': { schema: refTo(schema) } };
}

function refTo(name: SchemaName): JsonObject {
  return { $ref: `#/components/schemas/${name}` };
}
