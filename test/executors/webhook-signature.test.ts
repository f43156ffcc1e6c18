import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { host, run, serve, type Received, type TestServer } from './harness.js';

let server: TestServer;
beforeAll(async () => {
  server = await serve((_request, response) => void response.end());
});
afterAll(() => server.close());

const KEY = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

test.each([
  ['webhook', { secret: { env: 'KEY' }, payload: { region: 'eu-nørd' } }],
  ['http', { sign: { secret: { env: 'KEY' } }, body: { region: 'eu-nørd' } }],
])(
  'the signature of %s holds for an implementation that is not ours, and for this body only',
  async (kind, settings) => {
    const on = { ...host({}, { KEY }), now: () => Date.now() };
    await run(kind, { url: `${server.url}/`, ...settings }, { host: on });
    const { headers, body } = server.received.at(-1) as Received;
    const receiver = new Webhook(KEY);
    expect(receiver.verify(body, headers as Record<string, string>)).toEqual({ region: 'eu-nørd' });
    expect(() => receiver.verify(`${body} `, headers as Record<string, string>)).toThrow();
  },
);
