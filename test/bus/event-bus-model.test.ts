import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createEventBus } from '../../src/bus/event-bus.js';
import { defineHandler } from '../../src/bus/event-handler.js';
import type { Event } from '../../src/model/event.js';
import { createManualClock } from '../support/manual-clock.js';
import { propertyRuns } from '../support/property-runs.js';
import { event } from '../support/rules.js';

/** What a handler does besides being called; effects are done by synchronous handlers only, so that the order is plain. */
type Behaviour = 'nothing' | 'throw' | 'register' | 'unregister' | 'publish' | 'publishAsync';
type Command =
  | {
      readonly kind: 'register';
      readonly id: number;
      readonly types: readonly string[];
      readonly isAsync: boolean;
      readonly does: Behaviour;
    }
  | { readonly kind: 'unregister'; readonly id: number }
  | { readonly kind: 'publish' | 'publishAsync'; readonly type: string }
  | { readonly kind: 'settle' };

const HANDLERS = 4;
const TYPES = ['order.paid', 'order.late.very', 'user.action'];
const PATTERNS = ['order.paid', 'order.*', 'user.action', 'user.*', '*'];
/** Handlers that publish answer events of no greater depth, so that every sequence ends. */
const DEEPEST = 2;

const handlerId = fc.integer({ min: 0, max: HANDLERS - 1 });
const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({
    kind: fc.constant('register' as const),
    id: handlerId,
    types: fc.array(fc.constantFrom(...PATTERNS), { minLength: 1, maxLength: 2 }),
    isAsync: fc.boolean(),
    does: fc.constantFrom<Behaviour>('nothing', 'throw', 'register', 'unregister', 'publish', 'publishAsync'),
  }),
  fc.record({ kind: fc.constant('unregister' as const), id: handlerId }),
  fc.record({
    kind: fc.constantFrom('publish' as const, 'publishAsync' as const),
    type: fc.constantFrom(...TYPES),
  }),
  fc.constant({ kind: 'settle' as const }),
);

/** What can be seen of a run: by the model and by the bus alike. */
interface Seen {
  /** Calls of synchronous handlers, over all of them, and of asynchronous ones, each for itself. */
  readonly sync: string[];
  readonly async: Record<string, string[]>;
  readonly refused: string[];
  /** Event id → the results of its handlers. */
  readonly results: Record<string, readonly string[]>;
}
const blank = (): Seen => ({ sync: [], async: {}, refused: [], results: {} });

/** The bus as far as an effect of a handler needs it. */
interface Target {
  register(id: string, types: readonly string[], isAsync: boolean, does: Behaviour): void;
  unregister(id: string): void;
  publish(id: string, type: string, soon: boolean): void;
}

const depthOf = (eventId: string): number => eventId.split('/').length - 1;

function effect(target: Target, name: string, does: Behaviour, eventId: string): void {
  const deeper = depthOf(eventId) < DEEPEST;
  switch (does) {
    case 'nothing':
      return;
    case 'throw':
      throw new Error('no');
    case 'register':
      target.register(`${name}+`, ['*'], false, 'nothing');
      return;
    case 'unregister':
      target.unregister('h0');
      return;
    case 'publish':
    case 'publishAsync':
      if (deeper) target.publish(`${eventId}/${name}`, 'order.paid', does === 'publish');
      return;
  }
}

/** The naive bus: lists, and a queue. */
function createModel(seen: Seen): Target & { settle(): void } {
  interface Entry {
    readonly id: string;
    readonly types: readonly string[];
    readonly isAsync: boolean;
    readonly does: Behaviour;
  }
  let handlers: Entry[] = [];
  const queue: { readonly id: string; readonly to: readonly Entry[] }[] = [];
  let isDraining = false;
  const hears = ({ types }: Entry, type: string): boolean =>
    types.some(
      (one) => one === '*' || one === type || (one.endsWith('.*') && type.startsWith(one.slice(0, -1))),
    );
  const drain = (): void => {
    if (isDraining) return;
    isDraining = true;
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const { id, to } = next;
      seen.results[id] = to.map((entry) => {
        if (entry.isAsync) (seen.async[entry.id] ??= []).push(id);
        else seen.sync.push(`${entry.id} ${id}`);
        try {
          effect(model, entry.id, entry.isAsync && entry.does !== 'throw' ? 'nothing' : entry.does, id);
          return `${entry.id} success`;
        } catch {
          return `${entry.id} error`;
        }
      });
    }
    isDraining = false;
  };
  const model: Target & { settle(): void } = {
    register(id, types, isAsync, does) {
      if (handlers.some((one) => one.id === id)) {
        seen.refused.push(`register ${id}`);
        throw new Error('known');
      }
      handlers = [...handlers, { id, types, isAsync, does }];
    },
    unregister(id) {
      if (!handlers.some((one) => one.id === id)) seen.refused.push(`unregister ${id}`);
      handlers = handlers.filter((one) => one.id !== id);
    },
    publish(id, type, soon) {
      const to = handlers.filter((entry) => hears(entry, type));
      if (to.length === 0) seen.results[id] = [];
      else queue.push({ id, to });
      if (soon) drain();
    },
    settle: drain,
  };
  return model;
}

function createReal(seen: Seen): Target & { readonly bus: ReturnType<typeof createEventBus> } {
  const bus = createEventBus({ clock: createManualClock(), historySize: 5 });
  const target = {
    bus,
    register(id: string, types: readonly string[], isAsync: boolean, does: Behaviour) {
      const handle = ({ event_id }: Event): void => {
        if (isAsync) (seen.async[id] ??= []).push(event_id);
        else seen.sync.push(`${id} ${event_id}`);
        effect(target, id, isAsync && does !== 'throw' ? 'nothing' : does, event_id);
      };
      try {
        bus.registerHandler(defineHandler({ handlerId: id, eventTypes: types, isAsync, handle }));
      } catch (error) {
        seen.refused.push(`register ${id}`);
        throw error;
      }
    },
    unregister(id: string) {
      if (!bus.unregisterHandler(id)) seen.refused.push(`unregister ${id}`);
    },
    publish(id: string, type: string, soon: boolean) {
      const one = event({ event_id: id, event_type: type });
      const published = soon ? bus.publish(one) : bus.publishAsync(one).published;
      void published.then(({ event_id, results }) => {
        seen.results[event_id] = results.map(({ handler_id, status }) => `${handler_id} ${status}`);
      });
    },
  };
  return target;
}

function run(target: Target, command: Exclude<Command, { kind: 'settle' }>, number: number): void {
  try {
    if (command.kind === 'register')
      target.register(`h${command.id}`, command.types, command.isAsync, command.does);
    else if (command.kind === 'unregister') target.unregister(`h${command.id}`);
    else target.publish(`e${number}`, command.type, command.kind === 'publish');
  } catch {
    // A refused registration is among what was seen.
  }
}

test('whatever is registered, unregistered and published, also by handlers, is as in the naive bus', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(command, { maxLength: 25 }), async (commands) => {
      const [expected, actual] = [blank(), blank()];
      const model = createModel(expected);
      const real = createReal(actual);
      const published: string[] = [];
      for (const [number, one] of [...commands, { kind: 'settle' as const }].entries()) {
        if (one.kind === 'settle') {
          model.settle();
          await real.bus.flush();
          expect(actual).toEqual(expected);
          continue;
        }
        if (one.kind === 'publish' || one.kind === 'publishAsync') published.push(`e${number}`);
        run(model, one, number);
        run(real, one, number);
      }
      const results = Object.values(expected.results).flat();
      const { event_stats, history_size } = real.bus.getStats();
      const total = Object.keys(expected.results).length;
      expect(event_stats).toMatchObject({
        total_events: total,
        processed_events: results.filter((result) => result.endsWith('success')).length,
        failed_events: results.filter((result) => result.endsWith('error')).length,
      });
      expect(history_size).toBe(Math.min(5, total));
      expect(total).toBeGreaterThanOrEqual(published.length);
    }),
    propertyRuns(0.25),
  );
});
