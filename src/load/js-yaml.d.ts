/** The part of js-yaml 4 that is used here (the package ships no types). */
declare module 'js-yaml' {
  export class YAMLException extends Error {
    readonly reason: string;
    readonly mark?: { readonly position: number; readonly line: number; readonly column: number };
  }
  export class Type {
    constructor(
      tag: string,
      options: {
        readonly kind: 'scalar' | 'sequence' | 'mapping';
        readonly resolve?: (data: unknown) => boolean;
        readonly construct?: (data: unknown) => unknown;
      },
    );
  }
  export class Schema {
    extend(types: { readonly implicit: readonly Type[] }): Schema;
  }
  export const FAILSAFE_SCHEMA: Schema;
  export interface State {
    readonly input: string;
    readonly position: number;
    readonly kind: 'scalar' | 'sequence' | 'mapping' | null;
  }
  export function load(
    text: string,
    options: {
      readonly schema: Schema;
      readonly maxDepth: number;
      readonly maxTotalMergeKeys: number;
      readonly listener: ((event: 'open' | 'close', state: State) => void) | null;
    },
  ): unknown;
}
