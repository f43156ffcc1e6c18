import type { Offered } from '../support/producers.js';
import { between } from '../support/random.js';

/** Shares of the types, and over how many users they spread; the rest means nothing to any rule. */
const TYPES = [
  { event_type: 'page.viewed', share: 0.5, users: 25 },
  { event_type: 'page.shared', share: 0.04, users: 8 },
  { event_type: 'order.paid', share: 0.02, users: 100 },
  { event_type: 'order.placed', share: 0.01, users: 100 },
  { event_type: 'coupon.used', share: 0.02, users: 100 },
  { event_type: 'cart.opened', share: 0.03, users: 20 },
  { event_type: 'cart.filled', share: 0.03, users: 20 },
  { event_type: 'cart.paid', share: 0.03, users: 20 },
];

/** How many coupons are offered for one event: what a limit has to be beaten by. */
export const COUPON_SHARE = 0.02;

/** The nth event of a run. Most tell their time, some leave it to the daemon. */
export function offeredEvent(n: number, random: () => number, nowMs: number): Offered {
  let luck = random();
  const found = TYPES.find(({ share }) => (luck -= share) < 0);
  const user = `u${Math.floor(between(random, 0, found?.users ?? 1_000))}`;
  const event = {
    event_id: `offered-${n}`,
    event_type: found?.event_type ?? 'weather.changed',
    source: 'producer',
    payload: { n, user },
  };
  return random() < 0.8 ? { ...event, timestamp: new Date(nowMs).toISOString() } : event;
}
