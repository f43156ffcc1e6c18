import type { JsonObject } from '../../kernel/json.js';

/** What a message of the stream looks like: for whoever reads it, for the reference, and for tests that hold both to it. */
export interface MessageForm {
  /** When it is sent, in a sentence or two. */
  readonly summary: string;
  /** JSON Schema (2020-12). References lead into the schemas of the HTTP answers. */
  readonly schema: MessageSchema;
  readonly example: JsonObject;
}

export interface MessageSchema extends JsonObject {
  readonly type: 'object';
  readonly required: readonly string[];
  readonly properties: Readonly<Record<string, JsonObject>>;
}

/** The form of one type of message, whose first key is `type`. */
export function messageForm<P extends Readonly<Record<string, JsonObject>>>(
  type: string,
  summary: string,
  properties: P,
  about: { readonly optional?: readonly (keyof P & string)[]; readonly example: JsonObject },
): MessageForm {
  const required = Object.keys(properties).filter((name) => !about.optional?.includes(name));
  return {
    summary,
    schema: {
      type: 'object',
      required: ['type', ...required],
      properties: { type: { type: 'string', const: type, description: 'Says what it is.' }, ...properties },
    },
    example: { type, ...about.example },
  };
}
