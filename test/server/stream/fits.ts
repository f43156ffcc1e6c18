import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { SCHEMAS } from '../../../src/server/schemas.js';
import { SERVER_MESSAGES } from '../../../src/server/stream/server-messages.js';

/** Messages that tests broadcast, whose form is the business of whoever broadcasts. */
const BROADCASTS = ['announcement'];

const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
ajv.addSchema(closed({ $id: 'doc:', components: { schemas: SCHEMAS } }));

const forms = new Map<string, ValidateFunction>(
  Object.entries(SERVER_MESSAGES).map(([type, { schema }]) => [type, compileClosed(schema)]),
);

/** Compiles a schema of messages so that keys it does not name do not fit. */
export function compileClosed(schema: object): ValidateFunction {
  const text = JSON.stringify(closed(schema)).replaceAll('"#/components/', '"doc:#/components/');
  return ajv.compile(JSON.parse(text) as object);
}

/** What of a message from the daemon differs from its form; empty when it fits. */
export function misfits(message: Readonly<Record<string, unknown>>): readonly string[] {
  const type = String(message['type']);
  if (BROADCASTS.includes(type)) return [];
  const fits = forms.get(type);
  if (fits === undefined) return [`there is no message ${type}`];
  return fits(message) === true
    ? []
    : (fits.errors ?? []).map(
        ({ instancePath, message: problem, params }) =>
          `${instancePath} ${problem ?? ''} ${JSON.stringify(params)}`,
      );
}

/** Throws for a message of another form than is documented. */
export function mustFit(message: Record<string, unknown>): Record<string, unknown> {
  const wrong = misfits(message);
  if (wrong.length > 0) throw new Error(`${wrong.join('; ')}: ${JSON.stringify(message)}`);
  return message;
}

/** The same schema, in which every object that names its properties has no others. */
function closed<T>(schema: T): T {
  if (Array.isArray(schema)) return schema.map(closed) as T;
  if (typeof schema !== 'object' || schema === null) return schema;
  const members = Object.entries(schema).map(([key, value]) => [
    key,
    key === 'example' ? value : closed(value),
  ]);
  const own = Object.fromEntries(members) as Record<string, unknown>;
  if (own['type'] === 'object' && 'properties' in own && !('additionalProperties' in own))
    own['additionalProperties'] = false;
  return own as T;
}
