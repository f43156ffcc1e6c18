import fc from 'fast-check';
import { expect, test } from 'vitest';
import { propertyRuns } from '../../support/property-runs.js';
import { settled } from '../../support/manual-clock.js';
import { createMemoryStream, type MemoryClient } from './memory-stream.js';

const operation = fc.oneof(
  fc.record({
    do: fc.constant('publish' as const),
    sizes: fc.array(fc.nat(900), { minLength: 1, maxLength: 30 }),
  }),
  fc.record({ do: fc.constant('read' as const), isReading: fc.boolean() }),
  fc.record({ do: fc.constant('wait' as const), turns: fc.nat(4) }),
  fc.record({ do: fc.constant('reconnect' as const) }),
);

const positionsOf = ({ messages }: MemoryClient): number[] =>
  messages.filter(({ type }) => type === 'event').map(({ position }) => position as number);

test('whatever is published, read, paused and resumed in whatever order, every event comes once and in its place', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(operation, { maxLength: 40 }),
      fc.constantFrom<readonly string[]>(['x'], ['x', 'y']),
      async (operations, types) => {
        const world = createMemoryStream({ clientBytes: 3_000, unconfirmedBytes: 6_000 });
        const got: number[] = [];
        let published = 0;
        const follow = (): MemoryClient => {
          const client = world.connect();
          client.send({ type: 'subscribe', event_types: types, from: got.at(-1) ?? 'beginning' });
          return client;
        };
        let client = follow();
        const reconnect = (): void => {
          got.push(...positionsOf(client));
          client.end();
          client = follow();
        };
        for (const one of operations) {
          if (one.do === 'publish') {
            published += one.sizes.length;
            await world.publish(
              ...one.sizes.map((size) => ({
                event_type: size % 3 === 0 ? 'y' : 'x',
                payload: { text: 'z'.repeat(size) },
              })),
            );
          } else if (one.do === 'read') client.setReading(one.isReading);
          else if (one.do === 'reconnect') reconnect();
          else for (let turn = 0; turn < one.turns; turn++) await settled();
        }
        client.setReading(true);
        await world.publish({ event_type: 'x', payload: { last: true } });
        while (client.messages.at(-1)?.event?.payload.last !== true) await settled();
        got.push(...positionsOf(client));
        const { items } = world.events();
        expect(got).toEqual(
          items.filter(({ event }) => types.includes(event.event_type)).map(({ position }) => position),
        );
        expect(items).toHaveLength(published + 1);
        client.end();
        await world.stream.close();
      },
    ),
    propertyRuns(0.075),
  );
});

test('what is published while the last page is being sent is not forgotten', async () => {
  const world = createMemoryStream();
  const send = (count: number): Promise<void> =>
    world.publish(...Array.from({ length: count }, () => ({ payload: { text: 'x'.repeat(10_000) } })));
  await send(30);
  const client = world.connect();
  client.send({ type: 'subscribe', event_types: ['x'], from: 'beginning' });
  client.setReading(false);
  for (let turn = 0; turn < 5; turn++) await settled();
  await send(5);
  client.setReading(true);
  for (let turn = 0; positionsOf(client).length < 35 && turn < 1_000; turn++) await settled();
  expect(positionsOf(client)).toEqual(Array.from({ length: 35 }, (_, i) => i + 1));
  await world.stream.close();
});
