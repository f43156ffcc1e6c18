/** What the files of the rule folder say at one time; every change of a number makes another rule set. */
export interface RuleState {
  /** In shared.yaml: a variable that every launch carries. */
  readonly shared: number;
  /** In always.yaml. */
  readonly own: number;
  /** In changing.yaml: the bound of a count. */
  readonly bound: number;
  /** In changing.yaml: which events a limited trigger takes. */
  readonly below: number;
  /** In coming.yaml; null = the file is not there. */
  readonly coming: number | null;
  /** In both mounted files, which are swapped at once. */
  readonly pair: number;
}

export const FIRST: RuleState = { shared: 1, own: 1, bound: 12, below: 3, coming: 1, pair: 1 };

export const STEADY_COUNT = 20;
export const COMING_COUNT = 15;
export const LIMIT = 40;
export const KEPT_LIMIT = 60;
/** Triggers that decide each event by itself. */
export const STATELESS = new Set(['always', 'coming', 'left', 'right']);

const PAGE = 4_096;

/** Texts by file. Each is as long as any other, so that one write changes a file from one whole text to another. */
export function ruleTexts(state: RuleState): ReadonlyMap<string, string> {
  const { shared, own, bound, below, coming, pair } = state;
  const files: [string, string][] = [
    [
      'always.yaml',
      `triggers:
  - { trigger_id: always, ${observed(`own: ${own}`)}, event_types: [load.tick] }
  - { trigger_id: steady, ${observed(`own: ${own}`)}, event_types: [load.tick], group_by: [payload.user], condition: { threshold_reached: { aggregate: count, at_least: ${STEADY_COUNT}, within: 1d } } }
  - { trigger_id: limited, ${observed(`own: ${own}`)}, event_types: [load.tick], filters: { payload.k: 5 }, max_executions: ${LIMIT} }
`,
    ],
    [
      'changing.yaml',
      `triggers:
  - { trigger_id: counting, ${observed(`bound: ${bound}`)}, event_types: [load.tick], group_by: [payload.user], condition: { threshold_reached: { aggregate: count, at_least: ${bound}, within: 1d } } }
  - { trigger_id: kept, ${observed(`below: ${below}`)}, event_types: [load.tick], filters: { payload.k: { less_than: ${below} } }, max_executions: ${KEPT_LIMIT} }
`,
    ],
    [
      'mounted/left.yaml',
      `triggers:\n  - { trigger_id: left, ${observed(`pair: ${pair}`)}, event_types: [load.tick], filters: { payload.k: { less_than: 2 } } }\n`,
    ],
    [
      'mounted/right.yaml',
      `triggers:\n  - { trigger_id: right, ${observed(`pair: ${pair}`)}, event_types: [load.tick], filters: { payload.k: { less_than: 2 } } }\n`,
    ],
    [
      'shared.yaml',
      `variables: { shared: ${shared} }\nworkflows:\n  noted: { executor: log, with: { message: noted } }\n`,
    ],
  ];
  if (coming !== null)
    files.push([
      'coming.yaml',
      `triggers:
  - { trigger_id: coming, ${observed(`coming: ${coming}`)}, event_types: [load.tick], filters: { payload.k: 3 } }
  - { trigger_id: coming-count, ${observed(`coming: ${coming}`)}, event_types: [load.tick], condition: { threshold_reached: { aggregate: count, at_least: ${COMING_COUNT}, within: 1d } } }
`,
    ]);
  return new Map(files.map(([file, text]) => [file, padded(text)]));
}

function observed(input: string): string {
  return `workflow_name: noted, mode: observe, workflow_input: { ${input}, shared: "{{ vars.shared }}" }`;
}

export function padded(text: string): string {
  return `${text}#${' '.repeat(PAGE - text.length - 2)}\n`;
}
