import { Agent, request } from 'node:http';

export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Calls one server on this machine over connections that are kept. */
export interface Client {
  /** Rejects when the connection fails, or there is no whole answer in time. */
  send(method: 'GET' | 'POST', path: string, body?: string, contentType?: string): Promise<Answer>;
  /** GET, as JSON; rejects for any status but 200. */
  read<T>(path: string): Promise<T>;
  close(): void;
}

export function createClient(port: number, timeoutMs = 30_000): Client {
  const agent = new Agent({ keepAlive: true });
  const client: Client = {
    send(method, path, body, contentType = 'application/json') {
      return new Promise((resolve, reject) => {
        const headers =
          body === undefined
            ? {}
            : { 'content-type': contentType, 'content-length': Buffer.byteLength(body) };
        const outgoing = request({
          host: '127.0.0.1',
          port,
          method,
          path,
          agent,
          headers,
          timeout: timeoutMs,
        });
        outgoing.on('timeout', () => outgoing.destroy(new Error('no answer in time')));
        outgoing.on('error', reject);
        outgoing.on('response', (incoming) => {
          let text = '';
          incoming.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
          incoming.on('error', reject);
          incoming.on('close', () => {
            if (incoming.complete) resolve({ status: incoming.statusCode ?? 0, text });
            else reject(new Error('the answer broke off'));
          });
        });
        outgoing.end(body);
      });
    },
    async read<T>(path: string): Promise<T> {
      const { status, text } = await client.send('GET', path);
      if (status !== 200) throw new Error(`${path} answered ${status}: ${text}`);
      return JSON.parse(text) as T;
    },
    close() {
      agent.destroy();
    },
  };
  return client;
}
