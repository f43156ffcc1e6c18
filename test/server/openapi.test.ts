import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/kernel/json.js';
import { openApiDocument } from '../../src/server/openapi.js';
import { ROUTES } from '../../src/server/routes.js';
import { SCHEMAS, type SchemaName } from '../../src/server/schemas.js';
import { ask, type HttpBench, startHttp } from './http-bench.js';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- a document of free shape
type Free = any;

let bench: HttpBench;
let document: Free;
beforeAll(async () => {
  bench = await startHttp();
  document = (await ask(bench, 'GET', '/openapi.json')).body;
  await ask(bench, 'POST', '/v1/events', {
    body: [
      { event_id: 'a', event_type: 'order.paid' },
      { event_id: 'b', event_type: 'order.paid', payload: { hold: true } },
    ],
  });
  bench.daemon.addLaunch('dead-1', 'dead');
});
afterAll(() => bench.close());

const ajv = new Ajv2020({ strict: false, validateFormats: false });
ajv.addSchema({ $id: 'doc:', components: { schemas: SCHEMAS } });
const check = (name: SchemaName, value: unknown): string[] => {
  const validate = ajv.getSchema(`doc:#/components/schemas/${name}`);
  if (validate === undefined) throw new Error(`no schema ${name}`);
  return validate(value) === true
    ? []
    : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
};

describe('the OpenAPI document', () => {
  it('describes every route, and nothing else', () => {
    const described = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.keys(item as object).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(described.sort()).toEqual(
      ROUTES.map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`).sort(),
    );
    expect(document.openapi).toBe('3.1.0');
  });

  it('gives every operation a name of its own, a summary, its parameters and its answers', () => {
    const operations: Free[] = Object.values(document.paths).flatMap((item) => Object.values(item as object));
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(ROUTES.length);
    for (const operation of operations) {
      expect(operation.summary).toMatch(/\.$/);
      for (const { name, schema, ...rest } of operation.parameters ?? []) {
        expect(name).toMatch(/^[a-z]+$/);
        expect(schema.type).toBeDefined();
        expect(rest.in === 'path' || typeof rest.description === 'string').toBe(true);
      }
      for (const answer of Object.values<Free>(operation.responses))
        expect(answer.description).toMatch(/\.$/);
    }
  });

  it('refers only to what it holds', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)];
    expect(references.length).toBeGreaterThan(30);
    for (const [, name] of references) expect(Object.keys(SCHEMAS)).toContain(name);
  });

  it('holds schemas that are schemas', () => {
    for (const name of Object.keys(SCHEMAS)) expect(() => check(name as SchemaName, {})).not.toThrow();
  });

  it('says which scope each route needs once there are tokens', () => {
    const scoped: Free = openApiDocument(ROUTES, true);
    expect(scoped.paths['/v1/events'].post.security).toEqual([{ token: ['ingest'] }]);
    expect(scoped.paths['/v1/events'].get.security).toEqual([{ token: ['read'] }]);
    expect(scoped.paths['/v1/launches/{id}/redrive'].post.security).toEqual([{ token: ['admin'] }]);
    expect(scoped.paths['/healthz'].get.security).toEqual([]);
    expect(document.paths['/v1/events'].post.security).toEqual([]);
    expect(Object.keys(scoped.paths['/v1/events'].post.responses)).toEqual([
      '202',
      '400',
      '401',
      '403',
      '413',
      '415',
      '429',
      '503',
    ]);
  });
});

describe('answers are as they are described', () => {
  const BODIES: Readonly<Record<string, JsonObject | JsonObject[]>> = {
    '/v1/events': [{ event_id: 'c', event_type: 'order.paid' }, { event_id: 'd' }],
    '/v1/dry-run': { event_type: 'order.paid' },
    '/v1/triggers/:id/reset': { group: null },
    '/v1/triggers/:id/snooze': { until: '1h' },
  };
  // A WebSocket is asked for by other means than a request.
  const answering = ROUTES.filter(({ success }) => success.status !== 101);
  it.each(answering.map(({ method, path }): [string, string] => [method, path]))(
    '%s %s',
    async (method, path) => {
      const route = ROUTES.find((other) => other.method === method && other.path === path);
      const id = path.includes('launches') ? 'dead-1' : path.includes('triggers') ? 'watch' : 'a';
      const query = method === 'POST' && path === '/v1/events' ? '?wait=decision' : '';
      const body = method === 'POST' ? (BODIES[path] ?? {}) : undefined;
      const reply = await ask(bench, method, path.replace(':id', id) + query, { body });
      expect(reply.status).toBe(route?.success.status);
      const schema = route?.success.schema ?? null;
      if (schema === null) expect(typeof reply.body).toBe('string');
      else expect(check(schema, reply.body)).toEqual([]);
      if ('items' in Object(reply.body)) expect(reply.body.items.length).toBeGreaterThan(0);
    },
  );

  it.each([
    ['GET', '/v1/nothing'],
    ['GET', '/v1/events?x=1'],
    ['POST', '/v1/events'],
    ['DELETE', '/v1/events'],
  ])('an error of %s %s', async (method, path) => {
    const body = method === 'POST' ? [{ event_id: 1 }] : undefined;
    const reply = await ask(bench, method, path, { body });
    expect(reply.status).toBeGreaterThanOrEqual(400);
    expect(check('Error', reply.body)).toEqual([]);
  });
});
