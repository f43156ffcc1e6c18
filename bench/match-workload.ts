import type { Json } from '../src/kernel/json.js';
import type { Event } from '../src/model/event.js';
import type { Trigger } from '../src/model/trigger.js';
import { allOf, fieldTest, makeTrigger } from '../test/support/trigger.js';

/** A trigger as a hand-written predicate, and as a rule of json-rules-engine with its own operators and paths. */
export interface Workload {
  readonly triggers: readonly Trigger[];
  readonly predicates: readonly ((event: Event) => boolean)[];
  readonly naiveRules: readonly NaiveRule[];
  /** Events as JSON text. */
  readonly texts: readonly string[];
}

export interface NaiveRule {
  readonly conditions: {
    readonly all: readonly {
      readonly fact: 'event';
      readonly path: string;
      readonly operator: string;
      readonly value: Json;
    }[];
  };
  readonly event: { readonly type: string };
}

const EVENT_TYPES = Array.from(
  { length: 20 },
  (_, i) =>
    `${['order', 'deploy', 'host', 'user'][i % 4]}.${['created', 'failed', 'changed', 'closed', 'seen'][i % 5]}`,
);
const REGIONS = ['eu-west', 'eu-north', 'us-east', 'us-west', 'ap-south', 'ap-east', 'sa-east', 'af-south'];
/** Of a trigger that hears an event's type, so that 0.5 to 0.6 triggers match an event however many there are. */
const matchShare = (triggers: number): number => Math.min(1, 10.7 / triggers);

/** mulberry32: the same seed, the same workload. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** 60 % equality filters (a few with two, or with lists), 25 % thresholds, 15 % regular expressions. */
export function createWorkload(triggerCount: number, eventCount: number, seed = 1): Workload {
  const random = createRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)] as T;
  const share = matchShare(triggerCount);
  const values = Math.max(1, Math.round(1 / share));
  const teams = Math.max(1, Math.round(values / REGIONS.length));
  const name = (kind: string, limit: number): string => `${kind}-${String(below(limit)).padStart(5, '0')}`;

  const triggers: Trigger[] = [];
  const predicates: ((event: Event) => boolean)[] = [];
  const naiveRules: NaiveRule[] = [];
  for (let i = 0; i < triggerCount; i++) {
    const type = pick(EVENT_TYPES);
    const { tests, predicate, naive } = condition();
    triggers.push(
      makeTrigger({
        trigger_id: `trigger-${i}`,
        event_types: [type],
        filters: allOf(...tests),
        launches: [
          {
            workflow_name: 'note',
            workflow_input: {
              region: '{{ event.payload.region }}',
              title: 'Seen: {{ event.payload.message }}',
              severity: 2,
            },
            pointer: '/workflow_name',
          },
        ],
      }),
    );
    predicates.push((event) => event.event_type === type && predicate(event.payload as unknown as Payload));
    naiveRules.push({
      conditions: {
        all: [{ fact: 'event', path: '$.event_type', operator: 'equal', value: type }, ...naive],
      },
      event: { type: `trigger-${i}` },
    });
  }

  function condition(): {
    tests: ReturnType<typeof fieldTest>[];
    predicate: (payload: Payload) => boolean;
    naive: NaiveRule['conditions']['all'][number][];
  } {
    const kind = random();
    const naive = (key: string, operator: string, value: Json): NaiveRule['conditions']['all'][number] => ({
      fact: 'event',
      path: `$.payload.${key}`,
      operator,
      value,
    });
    if (kind < 0.3) {
      const key = pick(['customer', 'service', 'host'] as const);
      const value = name(key, values);
      return {
        tests: [fieldTest(`payload.${key}`, 'equal', value)],
        predicate: (payload) => payload[key] === value,
        naive: [naive(key, 'equal', value)],
      };
    }
    if (kind < 0.48) {
      const region = pick(REGIONS);
      const team = name('team', teams);
      return {
        tests: [fieldTest('payload.region', 'equal', region), fieldTest('payload.team', 'equal', team)],
        predicate: (payload) => payload.region === region && payload.team === team,
        naive: [naive('region', 'equal', region), naive('team', 'equal', team)],
      };
    }
    if (kind < 0.6) {
      const list = [name('product', 3 * values), name('product', 3 * values), name('product', 3 * values)];
      return {
        tests: [fieldTest('payload.product', 'in', list)],
        predicate: (payload) => list.includes(payload.product),
        naive: [naive('product', 'in', list)],
      };
    }
    if (kind < 0.85) {
      const key = pick(['amount', 'duration_ms', 'queue_depth'] as const);
      const rest = Math.round(1e6 * Math.min(1, 2 * share * random()));
      if (random() < 0.8) {
        const bound = 1e6 - rest;
        return {
          tests: [fieldTest(`payload.${key}`, 'at_least', bound)],
          predicate: (payload) => payload[key] >= bound,
          naive: [naive(key, 'greaterThanInclusive', bound)],
        };
      }
      return {
        tests: [fieldTest(`payload.${key}`, 'less_than', rest)],
        predicate: (payload) => payload[key] < rest,
        naive: [naive(key, 'lessThan', rest)],
      };
    }
    const code = name('E', values);
    const pattern = pick([
      `^(?:ERROR|WARN) .*code=${code}\\b`,
      `code=${code} in [a-z]+`,
      `\\bcode=${code}\\b`,
    ]);
    const regex = new RegExp(pattern);
    return {
      tests: [fieldTest('payload.message', 'matches', pattern)],
      predicate: (payload) => regex.test(payload.message),
      naive: [naive('message', 'matches', pattern)],
    };
  }

  const texts = Array.from({ length: eventCount }, (_, i) =>
    JSON.stringify({
      event_id: `0195f2c4-7a3b-7c55-9d1e-${String(i).padStart(12, '0')}`,
      event_type: pick(EVENT_TYPES),
      source: pick(['gateway', 'billing', 'scheduler']),
      target: null,
      payload: {
        customer: name('customer', values),
        service: name('service', values),
        host: name('host', values),
        region: pick(REGIONS),
        team: name('team', teams),
        product: name('product', 3 * values),
        amount: below(1e6),
        duration_ms: below(1e6),
        queue_depth: below(1e6),
        message: `${pick(['ERROR', 'WARN'])} request ${below(1e9)} could not be completed, code=${name('E', values)} in ${pick(['checkout', 'search', 'login'])}`,
        tags: ['prod', pick(['blue', 'green'])],
      },
      metadata: { trace: `${below(1e9)}` },
      timestamp: new Date(Date.UTC(2026, 0, 1) + i * 1_000).toISOString(),
      priority: pick(['low', 'normal', 'high', 'critical']),
      correlation_id: `c-${below(1e9)}`,
      session_id: null,
      user_id: `u-${below(1e5)}`,
      channel: null,
      retryable: true,
      max_retries: 3,
      retry_count: 0,
    }),
  );
  return { triggers, predicates, naiveRules, texts };
}

interface Payload {
  readonly customer: string;
  readonly service: string;
  readonly host: string;
  readonly region: string;
  readonly team: string;
  readonly product: string;
  readonly amount: number;
  readonly duration_ms: number;
  readonly queue_depth: number;
  readonly message: string;
}
