import { createHeap, type Heap } from './heap.js';
import { createFreshLane, createReturnLane, type Lane } from './lane.js';
import { isFresh, limitOf, type Waiting } from './waiting.js';

/** Launches whose concurrency is counted together: those of one rendered key, or all without a limit. */
interface Slot {
  readonly key: string | null;
  running: number;
  /** Fresh lanes by trigger. */
  readonly fresh: Map<string, Lane>;
  returning: Lane | null;
  /** Lanes that are neither empty nor held, by the order of their first launch. */
  readonly lanes: Heap<Lane>;
}

/**
 * The queue of one workflow. What is taken is the longest decided launch of all that may start: one whose concurrency key is
 * full, or whose trigger is held back, is passed over and keeps its place. Adding and taking a fresh launch costs no more
 * than the logarithm of the number of keys and triggers that have something queued, however many launches there are.
 */
export interface Backlog {
  add(waiting: Waiting): void;
  /** Takes a queued launch out; its `place` must no longer be `queued`. */
  remove(waiting: Waiting): void;
  /** The next that may start, taken out and counted as running; `admits` asks for a trigger, and false holds its lane. */
  take(admits: (triggerId: string) => boolean): Waiting | undefined;
  /** A taken launch no longer runs. */
  release(waiting: Waiting): void;
  /** Lanes of a trigger that was held back may go on. */
  resume(triggerId: string): void;
  /** Takes out the launches that would rather be left out than wait, because as many run with the same key as may. */
  leftOut(waiting: Waiting): Waiting[];
}

export function createBacklog(): Backlog {
  const slots = new Map<string | null, Slot>();
  /** Slots from which a launch may be taken, by the order of its first. */
  const ready = createHeap<Slot>();
  const held = new Map<string, { readonly slot: Slot; readonly lane: Lane }[]>();

  const slotOf = (key: string | null): Slot => {
    let slot = slots.get(key);
    if (slot === undefined) {
      slot = { key, running: 0, fresh: new Map(), returning: null, lanes: createHeap() };
      slots.set(key, slot);
    }
    return slot;
  };
  const laneOf = (slot: Slot, waiting: Waiting): Lane => {
    if (!isFresh(waiting)) return (slot.returning ??= createReturnLane());
    const triggerId = waiting.record.trigger_id;
    let lane = slot.fresh.get(triggerId);
    if (lane === undefined) slot.fresh.set(triggerId, (lane = createFreshLane(triggerId)));
    return lane;
  };
  /** Sets the slot where it belongs after its lanes or what runs have changed; forgets it when nothing is left of it. */
  const placeSlot = (slot: Slot): void => {
    const first = slot.lanes.first()?.first();
    if (first !== undefined && slot.running < limitOf(first)) ready.set(slot, first.order);
    else ready.delete(slot);
    if (slot.running === 0 && slot.fresh.size === 0 && slot.returning === null) slots.delete(slot.key);
  };
  /** The same for a lane within its slot. */
  const placeLane = (slot: Slot, lane: Lane): void => {
    const first = lane.first();
    if (first !== undefined && !lane.held) slot.lanes.set(lane, first.order);
    else slot.lanes.delete(lane);
    if (first !== undefined || lane.held) return;
    if (lane.triggerId === null) slot.returning = null;
    else slot.fresh.delete(lane.triggerId);
  };
  const hold = (slot: Slot, lane: Lane, triggerId: string): void => {
    lane.held = true;
    const others = held.get(triggerId);
    if (others === undefined) held.set(triggerId, [{ slot, lane }]);
    else others.push({ slot, lane });
  };

  return {
    add(waiting) {
      const slot = slotOf(waiting.concurrencyKey);
      const lane = laneOf(slot, waiting);
      lane.add(waiting);
      placeLane(slot, lane);
      placeSlot(slot);
    },
    remove(waiting) {
      const slot = slotOf(waiting.concurrencyKey);
      const lane = laneOf(slot, waiting);
      lane.remove(waiting);
      placeLane(slot, lane);
      placeSlot(slot);
    },
    take(admits) {
      for (let slot = ready.first(); slot !== undefined; slot = ready.first()) {
        const lane = slot.lanes.first() as Lane;
        const { triggerId } = lane;
        if (triggerId !== null && !admits(triggerId)) hold(slot, lane, triggerId);
        else {
          const waiting = lane.shift() as Waiting;
          slot.running++;
          placeLane(slot, lane);
          placeSlot(slot);
          return waiting;
        }
        placeLane(slot, lane);
        placeSlot(slot);
      }
      return undefined;
    },
    release(waiting) {
      const slot = slotOf(waiting.concurrencyKey);
      slot.running--;
      placeSlot(slot);
    },
    resume(triggerId) {
      const lanes = held.get(triggerId) ?? [];
      held.delete(triggerId);
      for (const { slot, lane } of lanes) {
        lane.held = false;
        placeLane(slot, lane);
        placeSlot(slot);
      }
    },
    leftOut({ concurrencyKey }) {
      const slot = slotOf(concurrencyKey);
      const left: Waiting[] = [];
      for (const lane of [...slot.fresh.values()]) {
        for (let first = lane.first(); first !== undefined; first = lane.first()) {
          if (first.record.workflow.concurrency?.when_full !== 'skip' || slot.running < limitOf(first)) break;
          lane.shift();
          left.push(first);
        }
        placeLane(slot, lane);
      }
      placeSlot(slot);
      return left;
    },
  };
}
