/** One comparison, as the settings of a condition name it. */
export const COMPARISONS = [
  'equal',
  'not_equal',
  'greater_than',
  'at_least',
  'less_than',
  'at_most',
  'between',
] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** A comparison of a number, ready to be asked: `between` includes both bounds. */
export type NumberComparison = {
  readonly comparison: Comparison;
  /** The operand; the lower bound of `between`. */
  readonly bound: number;
  /** The upper bound of `between`; otherwise the operand again. */
  readonly upperBound: number;
};

export function passes(value: number, { comparison, bound, upperBound }: NumberComparison): boolean {
  switch (comparison) {
    case 'equal':
      return value === bound;
    case 'not_equal':
      return value !== bound;
    case 'greater_than':
      return value > bound;
    case 'at_least':
      return value >= bound;
    case 'less_than':
      return value < bound;
    case 'at_most':
      return value <= bound;
    case 'between':
      return value >= bound && value <= upperBound;
  }
}

/** `at_least 5`, `between 1 and 3`: for a sentence. */
export function comparisonText({ comparison, bound, upperBound }: NumberComparison): string {
  return comparison === 'between' ? `between ${bound} and ${upperBound}` : `${comparison} ${bound}`;
}
