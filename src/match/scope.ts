import type { Json } from '../kernel/json.js';
import type { Modifiers } from '../model/condition-json.js';
import type { Event } from '../model/event.js';

/** What a rule is asked about: the value of its one fact. */
export interface Scope {
  readonly event: Event;
  /** The for_each element; null without. */
  readonly item: Json;
}

/** A value found, for operators that need to know of which event. */
export class Found {
  readonly value: Json | undefined;
  readonly scope: Scope;

  constructor(value: Json | undefined, scope: Scope) {
    this.value = value;
    this.scope = scope;
  }
}

/** The value of an operand that is another field, read from the event at hand. */
export class FieldValue {
  readonly value: Json | undefined;
  readonly modifiers: Modifiers;

  constructor(value: Json | undefined, modifiers: Modifiers) {
    this.value = value;
    this.modifiers = modifiers;
  }
}
