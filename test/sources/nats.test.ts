import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { JsMsg } from '@nats-io/jetstream';
import { systemClock } from '../../src/app/clock.js';
import { Fault } from '../../src/kernel/fault.js';
import { hasNatsServer, startNatsServer, type NatsServer } from '../support/nats-server.js';
import { createIntake, numbersTo } from './harness.js';
import {
  begin as beginReading,
  createPublisher,
  settingsOf,
  SHORT_TIMES,
  type Publisher,
} from './nats-harness.js';
import { USUAL_TIMES } from '../../src/sources/nats/times.js';

/** Of a test that fails, the reader must not read on. */
const readers: { stop(): Promise<void> }[] = [];
const begin: typeof beginReading = (...given) => {
  const reader = beginReading(...given);
  readers.push(reader);
  return reader;
};
afterEach(async () => {
  await Promise.allSettled(readers.splice(0).map((reader) => reader.stop()));
});

const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const NOTHING = { unacknowledged: 0, undelivered: 0 };

describe.runIf(hasNatsServer)('a stream', () => {
  let server: NatsServer;
  let publisher: Publisher;
  beforeAll(async () => {
    server = await startNatsServer();
    publisher = await createPublisher(server.url);
  });
  afterAll(async () => {
    await publisher?.connection.close();
    await server?.remove();
  });
  beforeEach(async () => {
    await publisher.manager.streams.add({ name: 'ORDERS', subjects: ['orders.>'] });
  });
  afterEach(async () => {
    await publisher.manager.streams.delete('ORDERS').catch(() => false);
  });
  const settings = (changes: Parameters<typeof settingsOf>[1] = {}) => settingsOf(server.url, changes);
  const settled = () => expect.poll(() => publisher.standing(), { interval: 5 }).toEqual(NOTHING);

  test('is read in its order, from its beginning on, and every message acknowledged', async () => {
    await publisher.numbers(0, 300);
    const intake = createIntake();
    const { stop, logged } = begin(settings(), intake);
    await expect.poll(() => intake.taken.length, { interval: 5 }).toBe(300);
    await publisher.numbers(300, 700);
    await expect.poll(() => intake.taken.length, { interval: 5 }).toBe(700);
    expect(intake.numbers()).toEqual(numbersTo(700));
    await settled();
    await stop();
    expect(logged).toEqual([]);
  });

  test('is acknowledged only after the event is durable', async () => {
    const waiting: (() => void)[] = [];
    const intake = createIntake(() => new Promise((resolve) => waiting.push(resolve)));
    await publisher.numbers(0, 3);
    const { stop } = begin(settings(), intake);
    await expect.poll(() => waiting.length, { interval: 5 }).toBe(3);
    expect(await publisher.standing()).toEqual({ unacknowledged: 3, undelivered: 0 });
    waiting[0]?.();
    await expect
      .poll(() => publisher.standing(), { interval: 5 })
      .toEqual({ unacknowledged: 2, undelivered: 0 });
    for (const answer of waiting) answer();
    await settled();
    await stop();
  });

  test('has many messages under way, but not more than 256 handed over', async () => {
    const waiting: (() => void)[] = [];
    const intake = createIntake(() => new Promise((resolve) => waiting.push(resolve)));
    await publisher.numbers(0, 600);
    const { stop } = begin(settings(), intake);
    await expect.poll(() => waiting.length, { interval: 5 }).toBe(256);
    await expect
      .poll(async () => (await publisher.standing()).unacknowledged, { interval: 5 })
      .toBeGreaterThan(256);
    expect(waiting).toHaveLength(256);
    expect((await publisher.standing()).unacknowledged).toBeLessThanOrEqual(512);
    await expect
      .poll(
        () => {
          for (const answer of waiting.splice(0)) answer();
          return intake.taken.length;
        },
        { interval: 1 },
      )
      .toBe(600);
    expect(intake.numbers()).toEqual(numbersTo(600));
    await settled();
    await stop();
  });

  test('that holds messages larger than a request may bring is read all the same', async () => {
    // Nine of them are more than one request takes.
    const large = 'x'.repeat(1_000_000);
    for (let n = 0; n < 10; n++) await publisher.publish('orders.paid', `{"n":${n},"large":"${large}"}`);
    const intake = createIntake();
    const { stop } = begin(settings(), intake, { times: USUAL_TIMES });
    await expect.poll(() => intake.taken.length, { interval: 5, timeout: 5_000 }).toBe(10);
    expect(intake.numbers()).toEqual(numbersTo(10));
    await settled();
    await stop();
  });

  test('gives what was under way again, in its order and before all others, after its reader was killed', async () => {
    await publisher.numbers(0, 5);
    // A reader that is gone without a word: it has three, and has acknowledged the first of them.
    const first = createIntake();
    const making = begin(settings(), first);
    await expect.poll(() => first.taken.length, { interval: 5 }).toBe(5);
    await settled();
    await making.stop();
    await publisher.numbers(5, 9);
    const dying = publisher.manager.jetstream();
    const consumer = await dying.consumers.get('ORDERS', 'triggerd');
    const batch = await consumer.fetch({ max_messages: 3 });
    for await (const message of batch) if (message.seq === 6) await message.ackAck();
    expect(await publisher.standing()).toEqual({ unacknowledged: 2, undelivered: 1 });

    const intake = createIntake();
    const { stop, logged } = begin(settings(), intake);
    await expect.poll(() => intake.taken.length, { interval: 5 }).toBe(3);
    expect(intake.numbers()).toEqual([6, 7, 8]);
    expect(logged.map(({ message, fields }) => [message, fields['messages']])).toEqual([
      ['a stream waits for messages that were under way', 2],
    ]);
    await settled();
    await stop();
  });

  test('gives what was under way again in its order, also when its times run out in another', async () => {
    const first = createIntake();
    const making = begin(settings(), first);
    await publisher.numbers(0, 1);
    await expect.poll(() => first.taken.length, { interval: 5 }).toBe(1);
    await settled();
    await making.stop();
    await publisher.numbers(1, 5);
    const consumer = await publisher.manager.jetstream().consumers.get('ORDERS', 'triggerd');
    const got: JsMsg[] = [];
    for await (const message of await consumer.fetch({ max_messages: 3 })) got.push(message);
    // The dead reader had asked for more time for the first of them.
    await new Promise<void>((resolve) => systemClock.after(SHORT_TIMES.ackWaitMs / 2, resolve));
    got[0]?.working();
    const intake = createIntake();
    const { stop } = begin(settings(), intake);
    await expect.poll(() => intake.taken.length, { interval: 5 }).toBe(4);
    expect(intake.numbers()).toEqual([1, 2, 3, 4]);
    await settled();
    await stop();
  });

  test('gives nothing again while the daemon takes none, however long, nor anything in haste', async () => {
    let isBusy = true;
    const intake = createIntake((text) =>
      isBusy && !text.includes('"n":0') ? new Fault('store-full', 'no space') : undefined,
    );
    await publisher.numbers(0, 5);
    const { stop, logged } = begin(settings(), intake, { times: { ...SHORT_TIMES, ackWaitMs: 300 } });
    // Longer than the server waits for an acknowledgement: given again three times, 100 to 400 ms apart.
    await expect
      .poll(() => intake.given.filter((text) => text.includes('"n":1')).length, {
        interval: 5,
        timeout: 3_000,
      })
      .toBe(4);
    const info = await publisher.manager.consumers.info('ORDERS', 'triggerd');
    expect(info.num_redelivered).toBe(0);
    isBusy = false;
    await expect.poll(() => intake.taken.length, { interval: 5, timeout: 3_000 }).toBe(5);
    expect(intake.numbers()).toEqual(numbersTo(5));
    expect(logged.map(({ fields }) => fields['reason'])).toContain('store-full');
    await settled();
    await stop();
  });

  test.each<[what: string, data: string | Uint8Array, problem: string]>([
    ['no JSON', '{oops', 'this is not JSON'],
    ['nothing', '', 'this is not JSON'],
    ['no UTF-8', new Uint8Array([0x7b, 0xff, 0x7d]), 'the message is not valid UTF-8'],
  ])('a message that is %s is told once, terminated, and holds nobody up', async (_what, data, problem) => {
    await publisher.publish('orders.odd', data);
    await publisher.numbers(0, 2);
    const intake = createIntake();
    const { stop, logged } = begin(settings(), intake);
    await expect.poll(() => intake.numbers(), { interval: 5 }).toEqual([0, 1]);
    await settled();
    await stop();
    expect(logged.map(({ level, message }) => [level, message])).toEqual([
      ['warn', 'a message is no event, and is terminated'],
    ]);
    expect(logged[0]?.fields).toMatchObject({
      source: 'nats:ORDERS/triggerd',
      subject: 'orders.odd',
      sequence: 1,
      problem,
      refused: 1,
    });
    const after = createIntake();
    const next = begin(settings(), after);
    await publisher.numbers(2, 3);
    await expect.poll(() => after.numbers(), { interval: 5 }).toEqual([2]);
    await next.stop();
  });

  test('names its events by Nats-Msg-Id, else by their place, and says the trace they come in', async () => {
    await publisher.publish('orders.paid', '{"n":0}', {
      'Nats-Msg-Id': 'order-7',
      traceparent: TRACE,
      tracestate: 'a=b',
    });
    await publisher.publish('orders.paid', '{"n":1}', { traceparent: 'nonsense' });
    await publisher.publish('orders.paid', '{"n":2}', { 'Nats-Msg-Id': 'x'.repeat(300) });
    const lives: string[][] = [];
    for (const durable of ['one', 'two']) {
      const intake = createIntake();
      const { stop } = begin(settings({ durable }), intake);
      await expect.poll(() => intake.taken.length, { interval: 5 }).toBe(3);
      await stop();
      expect(intake.besides[0]).toEqual({
        eventId: 'order-7',
        trace: { traceparent: TRACE, tracestate: 'a=b' },
      });
      expect(intake.besides[1]?.trace).toBeNull();
      lives.push(intake.besides.map((beside) => beside?.eventId ?? ''));
    }
    expect(lives[0]).toEqual(lives[1]);
    expect(lives[0]?.[1]).toMatch(/^nats-ORDERS-2-\d{19}$/);
    expect(lives[0]?.[2]).toMatch(/^nats-[0-9a-f]{64}$/);
  });

  test('that is deleted and made anew brings other events, although it counts from one again', async () => {
    const ids: (string | undefined)[] = [];
    for (let life = 0; life < 2; life++) {
      await publisher.manager.streams.delete('ORDERS');
      await publisher.manager.streams.add({ name: 'ORDERS', subjects: ['orders.>'] });
      await publisher.numbers(0, 1);
      const intake = createIntake();
      const { stop } = begin(settings(), intake);
      await expect.poll(() => intake.taken.length, { interval: 5 }).toBe(1);
      ids.push(intake.besides[0]?.eventId);
      await stop();
    }
    expect(ids[0]).not.toBe(ids[1]);
  });

  test('may hold CloudEvents, structured or with their attributes in headers', async () => {
    const structured = '{"specversion":"1.0","id":"c-1","source":"s","type":"t"}';
    const ce = {
      'ce-specversion': '1.0',
      'ce-id': 'c-2',
      'ce-type': 'order.paid',
      'Ce-Source': '/caf%C3%A9',
    };
    await publisher.publish('orders.paid', structured);
    await publisher.publish('orders.paid', '{"n":1.50}', { ...ce, 'Content-Type': 'application/json' });
    await publisher.publish('orders.paid', 'plain', { ...ce, 'content-type': 'text/plain' });
    await publisher.publish('orders.paid', new Uint8Array([0xff, 0x00]), ce);
    await publisher.publish('orders.paid', '', ce);
    await publisher.publish('orders.paid', '1,"id":"evil"', ce);
    const bad = { ...ce, 'content-type': 'application/json' };
    await publisher.publish('orders.odd', '{oops', bad);
    await publisher.publish('orders.odd', '{}', { ...ce, 'ce-data': 'x' });
    await publisher.publish('orders.odd', '{}', { ...ce, 'ce-x': '%FF' });
    const intake = createIntake();
    const { stop, logged } = begin(settings(), intake);
    await expect.poll(() => intake.taken.length, { interval: 5 }).toBe(6);
    await settled();
    await stop();
    expect(intake.given[0]).toBe(structured);
    const attributes = { specversion: '1.0', id: 'c-2', type: 'order.paid', source: '/café' };
    expect(intake.given[1]).toContain('"data":{"n":1.50}');
    expect(intake.given.slice(1).map((text) => JSON.parse(text) as unknown)).toEqual([
      { ...attributes, datacontenttype: 'application/json', data: { n: 1.5 } },
      { ...attributes, datacontenttype: 'text/plain', data: 'plain' },
      { ...attributes, data_base64: '/wA=' },
      attributes,
      { ...attributes, data: '1,"id":"evil"' },
    ]);
    expect(logged.map(({ fields }) => fields['problem'])).toEqual([
      'the message is not the JSON that its content-type application/json says',
      'ce-data is no attribute: the data is the message',
      'ce-x is not percent-encoded UTF-8',
    ]);
  });

  test.each<[subjects: readonly string[], taken: readonly number[]]>([
    [['orders.paid'], [0, 3]],
    [['orders.*'], [0, 1, 3]],
    [
      ['orders.paid', 'orders.shipped'],
      [0, 1, 3],
    ],
    [
      ['orders.>', 'orders.paid'],
      [0, 1, 2, 3],
    ],
  ])('brings only messages of the subjects %j', async (subjects, taken) => {
    for (const [n, subject] of ['orders.paid', 'orders.shipped', 'orders.eu.paid', 'orders.paid'].entries())
      await publisher.publish(subject, `{"n":${n}}`);
    const intake = createIntake();
    const { stop } = begin(settings({ subjects }), intake);
    await expect.poll(() => intake.numbers(), { interval: 5 }).toEqual(taken);
    await settled();
    await stop();
    expect(intake.numbers()).toEqual(taken);
  });

  test('whose consumer has other subjects than the settings gets those of the settings', async () => {
    const first = begin(settings({ subjects: ['orders.paid'] }), createIntake());
    await publisher.numbers(0, 1);
    await settled();
    await first.stop();
    await publisher.numbers(1, 2);
    await publisher.numbers(2, 3, 'orders.shipped');
    const intake = createIntake();
    const { stop } = begin(settings({ subjects: ['orders.shipped'] }), intake);
    await expect.poll(() => intake.numbers(), { interval: 5 }).toEqual([2]);
    await stop();
  });

  test('whose consumer gives up on messages, or has long pauses, gets one that does not', async () => {
    const other = { max_deliver: 2, ack_wait: 60_000_000_000, max_ack_pending: 1 };
    await publisher.manager.consumers.add('ORDERS', {
      durable_name: 'triggerd',
      ack_policy: 'explicit',
      ...other,
    });
    await publisher.numbers(0, 3);
    const intake = createIntake();
    const { stop } = begin(settings(), intake);
    await expect.poll(() => intake.numbers(), { interval: 5 }).toEqual([0, 1, 2]);
    const { config } = await publisher.manager.consumers.info('ORDERS', 'triggerd');
    expect([config.max_deliver, config.ack_wait, config.max_ack_pending]).toEqual([-1, 400_000_000, 512]);
    await stop();
  });

  test('when it is stopped, what was handed over is finished and acknowledged, and nothing else', async () => {
    const waiting: (() => void)[] = [];
    const intake = createIntake((text) =>
      text.includes('"n":1}')
        ? new Fault('overloaded', 'not now')
        : new Promise((resolve) => waiting.push(resolve)),
    );
    await publisher.numbers(0, 3);
    const { stop } = begin(settings(), intake, { times: USUAL_TIMES });
    await expect
      .poll(async () => [intake.given.length, (await publisher.standing()).unacknowledged], { interval: 5 })
      .toEqual([2, 3]);
    const stopped = stop();
    for (const answer of waiting) answer();
    await stopped;
    expect(intake.numbers()).toEqual([0]);
    expect((await publisher.standing()).unacknowledged).toBe(2);
  });

  test('when the intake is closed it ends, and what was not taken is not acknowledged', async () => {
    const intake = createIntake((text) =>
      text.includes('"n":2') ? new Fault('intake-closed', 'stopping') : undefined,
    );
    await publisher.numbers(0, 3);
    const { ended } = begin(settings(), intake);
    await ended;
    expect(intake.numbers()).toEqual([0, 1]);
    expect((await publisher.standing()).unacknowledged).toBe(1);
  });

  test('what ends the daemon ends it with the same fault, and acknowledges nothing', async () => {
    const fault = new Fault('store-failed', 'the disk is gone');
    await publisher.numbers(0, 2);
    const { ended } = begin(
      settings(),
      createIntake(() => fault),
    );
    await expect(ended).rejects.toBe(fault);
    expect((await publisher.standing()).unacknowledged).toBe(2);
  });

  test('that does not exist is waited for, with the words that create it', async () => {
    await publisher.manager.streams.delete('ORDERS');
    const intake = createIntake();
    const { stop, logged } = begin(settings({ subjects: ['orders.>'] }), intake);
    await expect.poll(() => logged.length, { interval: 5 }).toBe(1);
    expect(logged[0]?.fields).toMatchObject({
      problem: 'the stream ORDERS does not exist',
      hint: 'create it: nats stream add ORDERS --subjects "orders.>"',
    });
    await publisher.manager.streams.add({ name: 'ORDERS', subjects: ['orders.>'] });
    await publisher.numbers(0, 2);
    await expect.poll(() => intake.numbers(), { interval: 5 }).toEqual([0, 1]);
    await stop();
  });

  test('that is deleted while it is read is waited for as well', async () => {
    const intake = createIntake();
    const { stop, logged } = begin(settings(), intake);
    await publisher.numbers(0, 1);
    await settled();
    await publisher.manager.streams.delete('ORDERS');
    await expect.poll(() => logged.length, { interval: 5 }).toBeGreaterThan(0);
    await publisher.manager.streams.add({ name: 'ORDERS', subjects: ['orders.>'] });
    await publisher.numbers(1, 2);
    await expect.poll(() => intake.numbers(), { interval: 5, timeout: 4_000 }).toEqual([0, 1]);
    await stop();
  });

  test('a consumer of that name that is of another kind is left alone', async () => {
    await publisher.manager.consumers.add('ORDERS', { durable_name: 'triggerd', ack_policy: 'none' });
    const { stop, logged } = begin(settings(), createIntake());
    await expect.poll(() => logged.length, { interval: 5 }).toBe(1);
    expect(logged[0]?.fields).toMatchObject({
      problem: expect.stringContaining('is no pull consumer with explicit acknowledgements'),
      hint: 'name another one in sources.nats.durable, which is then made',
    });
    await stop();
  });
});
