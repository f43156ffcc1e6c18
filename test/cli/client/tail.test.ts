import { createServer as createHttp } from 'node:http';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { main } from '../../../src/cli/main.js';
import { OutputClosed, type TextSink } from '../../../src/cli/streams.js';
import { startStream, type StreamBench } from '../../server/stream/stream-bench.js';
import { tokenFor } from '../../server/http-bench.js';

/** A `triggerd tail` under way inside this process. */
interface Tail {
  readonly out: () => string;
  readonly err: () => string;
  readonly lines: () => string[];
  /** Resolves when so many lines have been printed. */
  until(lines: number): Promise<void>;
  untilNoted(text: string): Promise<void>;
  /** As Ctrl-C does. */
  interrupt(): Promise<number>;
  readonly code: Promise<number>;
}

const started: Tail[] = [];

function startTail(
  argv: readonly string[],
  options: { readonly closesAfter?: number; readonly terminal?: boolean } = {},
): Tail {
  let changed = (): void => undefined;
  const sink = (limit: number): TextSink & { text: string } => ({
    text: '',
    write(more) {
      if (this.text.split('\n').length > limit) throw new OutputClosed('nobody reads');
      this.text += more;
      changed();
    },
    flush() {},
    isTerminal: options.terminal ?? false,
    columns: options.terminal ? 80 : 0,
  });
  const stdout = sink(options.closesAfter ?? Number.POSITIVE_INFINITY);
  const stderr = sink(Number.POSITIVE_INFINITY);
  const before = process.listeners('SIGINT');
  const until = async (holds: () => boolean): Promise<void> => {
    while (!holds()) {
      await new Promise<void>((resolve) => {
        changed = resolve;
      });
    }
  };
  const lines = (): string[] => stdout.text.split('\n').slice(0, -1);
  const code = main(['tail', ...argv], {
    streams: {
      stdin: Readable.from([]),
      stdinIsTerminal: false,
      stdout,
      stderr,
      environment: {},
      elapsedMs: () => 0,
      now: () => 0,
      wait: () => Promise.resolve(),
    },
  });
  const running: Tail = {
    out: () => stdout.text,
    err: () => stderr.text,
    lines,
    until: (count) => until(() => lines().length >= count),
    untilNoted: (text) => until(() => stderr.text.includes(text)),
    interrupt() {
      for (const listener of process.listeners('SIGINT')) {
        if (!before.includes(listener)) listener('SIGINT');
      }
      return code;
    },
    code,
  };
  started.push(running);
  return running;
}

/** Stands between a client and the daemon, and breaks connections. */
interface Proxy {
  readonly url: string;
  target: number;
  /** Bytes that a connection may carry to the client before it breaks. */
  budget: number;
  breaks: number;
  close(): void;
}

async function startProxy(target: number): Promise<Proxy> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(proxy.target, '127.0.0.1');
    let left = proxy.budget;
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far);
    far.on('data', (bytes: Buffer) => {
      near.write(bytes.subarray(0, left));
      left -= bytes.length;
      if (left <= 0) {
        proxy.breaks++;
        near.destroySoon();
        far.destroy();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: Proxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    target,
    budget: Number.POSITIVE_INFINITY,
    breaks: 0,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
  return proxy;
}

let bench: StreamBench;
beforeAll(async () => {
  bench = await startStream();
  await bench.emit(
    { event_id: 'old-1', event_type: 'order.placed', source: 'shop', payload: { total: 5 } },
    { event_id: 'old-2', event_type: 'order.placed', priority: 'high', session_id: 's-1' },
    { event_id: 'old-3', event_type: 'user.action', payload: { name: 'login', 'a\u001b[31m': 1 } },
  );
});
afterEach(async () => {
  for (const tail of started.splice(0)) await tail.interrupt();
});
afterAll(() => bench.close());

test('events are lines, and Ctrl-C ends it well', async () => {
  const tail = startTail(['--url', bench.url, '--from', 'beginning']);
  await tail.until(3);
  expect(await tail.interrupt()).toBe(0);
  const lines = tail.lines().map((line) => line.replace(/^\S+/, 'TIME'));
  expect(lines.slice(0, 3)).toEqual([
    'TIME       1  order.placed  old-1  shop  {"total":5}',
    'TIME       2  order.placed  old-2  high  session s-1',
    'TIME       3  user.action  old-3  {"name":"login","a\\u001b[31m":1}',
  ]);
  expect(tail.err()).toBe('');
});

test.each([
  ['types', ['--type', 'user.*'], ['old-3']],
  ['several types', ['--type', 'user.action', '--type', 'order.placed'], ['old-1', 'old-2', 'old-3']],
  ['a session', ['--session', 's-1'], ['old-2']],
  ['a value', ['--filter', 'payload.total=5'], ['old-1']],
  ['a text', ['--filter', 'source=shop'], ['old-1']],
  ['a test', ['--filter', 'priority={"at_least":"high"}'], ['old-2']],
])('it shows only what is asked for: %s', async (_what, argv, ids) => {
  const tail = startTail(['--url', bench.url, '--from', '0', '--format', 'jsonl', ...argv]);
  await tail.until(ids.length);
  await tail.interrupt();
  expect(tail.lines().map((line) => JSON.parse(line).event.event_id)).toEqual(ids);
  expect(Object.keys(JSON.parse(tail.lines()[0] ?? ''))).toEqual([
    'type',
    'event',
    'position',
    'received_at',
  ]);
});

test('decisions and launches are shown when they are asked for', async () => {
  const own = await startStream();
  const tail = startTail([
    '--url',
    own.url,
    '--from',
    'beginning',
    '--type',
    'order.paid',
    '--decisions',
    '--launches',
  ]);
  await own.emit(
    { event_id: 'p-1', event_type: 'order.paid' },
    { event_id: 'p-2', event_type: 'order.paid' },
  );
  while (!tail.out().includes('succeeded')) await tail.until(tail.lines().length + 1);
  await tail.interrupt();
  await own.close();
  expect(tail.out()).toMatch(/decision on p-1 {2}launches /);
  expect(tail.out()).toMatch(/decision on p-2\n {2}\S+ {2}ship-order suppressed by cooldown/);
  expect(tail.out()).toMatch(/launch \S+ {2}ship-order -> ship {2}succeeded\n/);
});

test('as JSON it is one document, whole when it ends', async () => {
  const tail = startTail([
    '--url',
    bench.url,
    '--from',
    'beginning',
    '--format',
    'json',
    '--type',
    'order.placed',
  ]);
  await tail.until(3);
  await tail.interrupt();
  const report = JSON.parse(tail.out()) as { messages: { event: { event_id: string } }[] };
  expect(report.messages.map(({ event }) => event.event_id)).toEqual(['old-1', 'old-2']);
});

test('on a terminal an event keeps to its line', async () => {
  const own = await startStream();
  const tail = startTail(['--url', own.url, '--from', 'beginning'], { terminal: true });
  await own.emit({ event_id: 'long', event_type: 'x', payload: { text: 'y'.repeat(500) } });
  await tail.until(1);
  await tail.interrupt();
  await own.close();
  const [line = ''] = tail.lines();
  expect(line.replace(/\u001b\[\d+m/g, '')).toHaveLength(80);
  expect(line).toContain('\u001b[32mx\u001b[39m');
});

test('it ends well when nobody reads it any more', async () => {
  const tail = startTail(['--url', bench.url, '--from', 'beginning'], { closesAfter: 2 });
  expect(await tail.code).toBe(0);
  expect(tail.lines()).toHaveLength(2);
});

describe('it goes on after a broken connection', () => {
  test('every event comes once, whatever breaks where', async () => {
    const own = await startStream();
    const proxy = await startProxy(own.port);
    const all = 400;
    // So little that a connection carries a few events and breaks in the middle of one.
    proxy.budget = 4_000;
    const tail = startTail(['--url', proxy.url, '--from', 'beginning', '--format', 'jsonl']);
    for (let i = 0; i < all; i += 10) {
      await own.emit(...Array.from({ length: 10 }, (_, k) => ({ event_id: `n-${i + k}`, event_type: 'x' })));
      if (i % 50 === 0) await tail.until(i / 4);
    }
    await tail.until(all);
    expect(await tail.interrupt()).toBe(0);
    expect(tail.lines().map((line) => JSON.parse(line).event.event_id)).toEqual(
      Array.from({ length: all }, (_, i) => `n-${i}`),
    );
    expect(proxy.breaks).toBeGreaterThan(20);
    proxy.close();
    await own.close();
  });

  test('a daemon that stops is waited for, and one that begins anew is followed from its beginning', async () => {
    const first = await startStream();
    const proxy = await startProxy(first.port);
    const tail = startTail(['--url', proxy.url, '--from', 'beginning', '--format', 'jsonl']);
    await first.emit({ event_id: 'a-1', event_type: 'x' }, { event_id: 'a-2', event_type: 'x' });
    await tail.until(2);
    await first.close();
    await tail.untilNoted('trying again');
    const second = await startStream();
    await second.emit({ event_id: 'b-1', event_type: 'x' });
    proxy.target = second.port;
    await tail.until(3);
    await tail.interrupt();
    expect(tail.lines().map((line) => JSON.parse(line).event.event_id)).toEqual(['a-1', 'a-2', 'b-1']);
    expect(tail.err()).toContain('the journal was begun anew');
    proxy.close();
    await second.close();
  });
});

describe('what it cannot do', () => {
  test.each([
    ['a place that is none', ['--from', 'yesterday'], '--from takes a position, now or beginning'],
    ['a filter without a value', ['--filter', 'source'], '--filter takes PATH=VALUE'],
    ['a path twice', ['--filter', 'source=a', '--filter', 'source=b'], '--filter source is given twice'],
    ['a URL that is none', ['--url', 'ftp://x'], 'that is no http URL'],
    ['nobody there', ['--url', 'http://127.0.0.1:1'], 'cannot be reached: nobody listens there'],
  ])('%s', async (_what, argv, words) => {
    const tail = startTail(argv);
    expect(await tail.code).toBe(2);
    expect(tail.err()).toContain(words);
    expect(tail.out()).toBe('');
  });

  test.each([
    ['a type misspelt', ['--type', 'workflow.faild'], 'did you mean workflow.failed?'],
    ['an operator misspelt', ['--filter', 'source={"matchs":"x"}'], 'did you mean matches?'],
    ['a position to come', ['--from', '99999'], 'there is no position 99999 yet'],
  ])('what the daemon refuses: %s', async (_what, argv, words) => {
    const tail = startTail(['--url', bench.url, ...argv]);
    expect(await tail.code).toBe(2);
    expect(tail.err()).toContain('error: the daemon refused: ');
    expect(tail.err()).toContain(words);
  });

  test('a daemon that wants a token', async () => {
    const own = await startStream({ tokens: [tokenFor('ops', 'sesame', 'read')] });
    const without = startTail(['--url', own.url]);
    expect(await without.code).toBe(2);
    expect(without.err()).toContain('the daemon refused: a token is needed');
    expect(without.err()).toContain('hint: give a token');
    const wrong = startTail(['--url', own.url, '--token', 'simsalabim']);
    expect(await wrong.code).toBe(2);
    const right = startTail(['--url', own.url, '--token', 'sesame', '--from', 'beginning']);
    await own.emit({ event_type: 'x' });
    await right.until(1);
    expect(await right.interrupt()).toBe(0);
    await own.close();
  });

  test('what is no triggerd', async () => {
    const other = createHttp((_request, response) => void response.end('hello'));
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const tail = startTail(['--url', `http://127.0.0.1:${(other.address() as AddressInfo).port}`]);
    expect(await tail.code).toBe(2);
    expect(tail.err()).toContain('is not triggerd');
    other.closeAllConnections();
    other.close();
  });
});
