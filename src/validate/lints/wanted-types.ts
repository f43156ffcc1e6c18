import { typeOf, type JsonType } from '../../kernel/json.js';
import type { FieldTest } from '../../model/test.js';
import { boundsOf, listOf } from './value-check.js';

/** JSON types for which a test may hold; undefined where that is no matter of type. */
export function wantedTypes(test: FieldTest): readonly JsonType[] | undefined {
  const { operator, operand, reading } = test;
  if (reading.as !== undefined) return undefined;
  switch (operator) {
    case 'equal':
    case 'in':
      return operand.kind === 'literal'
        ? [...new Set((operator === 'in' ? listOf(operand.value) : [operand.value]).map(typeOf))]
        : undefined;
    case 'greater_than':
    case 'at_least':
    case 'less_than':
    case 'at_most':
    case 'between': {
      const bounds = boundsOf(test);
      return bounds === undefined ? undefined : [bounds.kind === 'number' ? 'number' : 'string'];
    }
    case 'matches':
    case 'starts_with':
    case 'ends_with':
    case 'wildcard':
    case 'in_cidr':
    case 'during':
    case 'newer_than':
    case 'older_than':
      return ['string'];
    case 'contains':
      return ['string', 'array'];
    case 'some':
    case 'every':
    case 'no':
      return ['array'];
    default:
      return undefined;
  }
}

export function conversionHint(found: ReadonlySet<JsonType>, wanted: readonly JsonType[]): string | null {
  if (found.has('string') && wanted.includes('number'))
    return 'add as: number beside the operator, or put the value in quotes';
  if (found.has('number') && wanted.includes('string'))
    return 'write the value without quotes, or add as: string';
  return found.has('array') ? 'test its elements with some: or contains:' : null;
}
