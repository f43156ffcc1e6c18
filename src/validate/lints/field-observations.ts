import { typeOf, type Json, type JsonObject, type JsonType } from '../../kernel/json.js';
import type { Event } from '../../model/event.js';

/** What sample events look like: for each event type which fields there are, and of which JSON types. */
export interface FieldObservations {
  see(event: Event): void;
  /** Event types that were seen. */
  readonly eventTypes: readonly string[];
  /**
   * The JSON types seen at a place in events of a type: none = it was never there, null = unknown, because there was more
   * than is kept. A step of a list is `*`.
   */
  typesAt(eventType: string, steps: readonly string[]): ReadonlySet<JsonType> | null;
  /** Names seen beside or instead of the last step. */
  siblings(eventType: string, steps: readonly string[]): readonly string[];
  /** Events seen of a type. */
  count(eventType: string): number;
}

/** One place: what was there, and what below it. */
interface Place {
  readonly types: Set<JsonType>;
  readonly inner: Map<string, Place>;
}

interface Shape {
  readonly root: Place;
  places: number;
  /** Whether something was left out. */
  partial: boolean;
  events: number;
}

const MAX_TYPES = 2_000;
const MAX_PLACES = 5_000;
const MAX_DEPTH = 12;
/** Elements of one list that are looked at; the others are mostly alike. */
const MAX_ELEMENTS = 50;

/** Observes events one by one in bounded memory. */
export function observeFields(): FieldObservations {
  const shapes = new Map<string, Shape>();

  const look = (value: Json, place: Place, shape: Shape, depth: number): void => {
    place.types.add(typeOf(value));
    if (typeof value !== 'object' || value === null) return;
    if (depth >= MAX_DEPTH) {
      shape.partial = true;
      return;
    }
    const enter = (key: string, member: Json): void => {
      let inner = place.inner.get(key);
      if (inner === undefined) {
        if (shape.places >= MAX_PLACES) {
          shape.partial = true;
          return;
        }
        shape.places++;
        place.inner.set(key, (inner = newPlace()));
      }
      look(member, inner, shape, depth + 1);
    };
    if (Array.isArray(value)) {
      if (value.length > MAX_ELEMENTS) shape.partial = true;
      for (const element of (value as readonly Json[]).slice(0, MAX_ELEMENTS)) enter('*', element);
    } else {
      const object = value as JsonObject;
      for (const key of Object.keys(object)) enter(key, object[key] as Json);
    }
  };

  const find = (eventType: string, steps: readonly string[]): Place | undefined => {
    let place = shapes.get(eventType)?.root;
    for (const step of steps) {
      if (place === undefined) return undefined;
      // An index reads any element.
      place = place.inner.get(step) ?? (/^-?\d+$/.test(step) ? place.inner.get('*') : undefined);
    }
    return place;
  };

  return {
    see(event) {
      let shape = shapes.get(event.event_type);
      if (shape === undefined) {
        if (shapes.size >= MAX_TYPES) return;
        shapes.set(event.event_type, (shape = { root: newPlace(), places: 0, partial: false, events: 0 }));
      }
      shape.events++;
      look(event as unknown as JsonObject, shape.root, shape, 0);
    },
    get eventTypes() {
      return [...shapes.keys()];
    },
    typesAt(eventType, steps) {
      const place = find(eventType, steps);
      if (place !== undefined) return place.types;
      return shapes.get(eventType)?.partial === true ? null : new Set();
    },
    siblings(eventType, steps) {
      return [...(find(eventType, steps.slice(0, -1))?.inner.keys() ?? [])];
    },
    count: (eventType) => shapes.get(eventType)?.events ?? 0,
  };
}

function newPlace(): Place {
  return { types: new Set(), inner: new Map() };
}
