import { networkProblem } from '../kernel/cidr.js';
import { preview, type Json } from '../kernel/json.js';
import { regexProblem } from '../kernel/regex.js';
import { suggest } from '../kernel/suggest.js';
import { wrong, type OperandContext, type Reader } from './operand-reader.js';
import { valueWord } from './words.js';

const JSON_TYPES = ['string', 'number', 'boolean', 'object', 'array', 'null'] as const;

type TextCheck = (text: string, pointer: string, context: OperandContext) => boolean;

export function checkedTexts(value: Json, pointer: string, reader: Reader, check?: TextCheck): boolean {
  const { entry, context } = reader;
  if (typeof value === 'string') return check === undefined || check(value, pointer, context);
  if (!Array.isArray(value) || value.length === 0) {
    wrong(
      `${entry.name} must be a text or a list of texts, not ${Array.isArray(value) ? 'an empty list' : valueWord(value)}`,
      pointer,
      reader,
      typeof value === 'number' ? `put it in quotes: "${value}"` : null,
    );
    return false;
  }
  let fine = true;
  (value as readonly Json[]).forEach((element, index) => {
    const at = `${pointer}/${index}`;
    if (typeof element !== 'string') {
      wrong(`${entry.name} takes texts, not ${valueWord(element)}`, at, reader, null);
      fine = false;
    } else if (check !== undefined && !check(element, at, context)) {
      fine = false;
    }
  });
  return fine;
}

/** Reports a pattern that is no regular expression. */
export function checkRegex(pattern: string, pointer: string, context: OperandContext): boolean {
  const problem = regexProblem(pattern);
  if (problem === undefined) return true;
  context.report('regex-invalid', pointer, problem.message, problem.hint);
  return false;
}

export function checkNetwork(text: string, pointer: string, context: OperandContext): boolean {
  const problem = networkProblem(text);
  if (problem === undefined) return true;
  context.report(
    'cidr-invalid',
    pointer,
    problem,
    'a network is written 10.0.0.0/8 or 2001:db8::/32, a single address without the slash',
  );
  return false;
}

export function checkedTypes(value: Json, pointer: string, reader: Reader): boolean {
  const types = [value].flat() as readonly Json[];
  const bad = types.findIndex((type) => !(JSON_TYPES as readonly Json[]).includes(type));
  if (types.length > 0 && bad < 0) return true;
  const type = types[bad];
  const near = typeof type === 'string' ? (TYPE_NAMES.get(type) ?? suggest(type, JSON_TYPES)) : undefined;
  reader.context.report(
    'wrong-value',
    Array.isArray(value) && bad >= 0 ? `${pointer}/${bad}` : pointer,
    types.length === 0 ? 'type has an empty list' : `there is no JSON type ${preview(type)}`,
    near === undefined ? `types are ${JSON_TYPES.join(', ')}` : `did you mean ${near}?`,
  );
  return false;
}

const TYPE_NAMES: ReadonlyMap<string, string> = new Map([
  ['text', 'string'],
  ['int', 'number'],
  ['integer', 'number'],
  ['float', 'number'],
  ['bool', 'boolean'],
  ['map', 'object'],
  ['dict', 'object'],
  ['list', 'array'],
]);
