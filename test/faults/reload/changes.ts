import { between } from '../support/random.js';
import type { WrittenFolder } from './folder.js';
import { padded, ruleTexts, type RuleState } from './rules.js';

/** One change of the folder. */
export interface Change {
  readonly name: string;
  /** What the folder says afterwards. */
  readonly state: RuleState;
  /** The file that is bad afterwards; null = all are good. */
  readonly bad: string | null;
  make(folder: WrittenFolder): void;
}

const BAD: readonly { readonly file: string; readonly text: string }[] = [
  { file: 'changing.yaml', text: 'triggers: [ { trigger_id: half' },
  {
    file: 'changing.yaml',
    text: 'triggers:\n  - { trigger_id: a, wrkflow_name: noted, event_types: [load.tick] }\n',
  },
  {
    file: 'always.yaml',
    text: 'triggers:\n  - { trigger_id: always, workflow_name: unknown, event_types: [load.tick] }\n',
  },
  {
    file: 'shared.yaml',
    text: 'variables: { shared: 1 }\nworkflows: { noted: { executor: lgo, with: {} } }\n',
  },
];

/** The next change, drawn. `serial` makes each rule set another than all before. */
export function drawChange(state: RuleState, serial: number, random: () => number): Change {
  const change = (
    name: string,
    changed: Partial<RuleState>,
    make: (folder: WrittenFolder, text: (file: string) => string) => void,
  ): Change => {
    const next = { ...state, ...changed };
    const texts = ruleTexts(next);
    return {
      name,
      state: next,
      bad: null,
      make: (folder) => make(folder, (file) => texts.get(file) ?? ''),
    };
  };
  const luck = random();
  if (luck < 0.12)
    return change('a comment', {}, (folder, text) => {
      const file = random() < 0.5 ? 'always.yaml' : 'changing.yaml';
      folder.overwrite(
        file,
        text(file).replace(/^#.*\n$/m, (line) => `# said ${serial}`.padEnd(line.length - 1) + '\n'),
      );
    });
  if (luck < 0.3)
    return change('another input, overwritten', { own: serial }, (folder, text) =>
      folder.overwrite('always.yaml', text('always.yaml')),
    );
  if (luck < 0.42)
    return change('another input, renamed', { own: serial }, (folder, text) =>
      folder.replace('always.yaml', text('always.yaml')),
    );
  if (luck < 0.54) {
    const bound = state.bound === 12 ? 9 : 12;
    return change('another condition', { bound, shared: serial }, (folder, text) => {
      folder.replace('shared.yaml', text('shared.yaml'));
      folder.replace('changing.yaml', text('changing.yaml'));
    });
  }
  if (luck < 0.62)
    return change('another filter', { below: (state.below % 4) + 1, shared: serial }, (folder, text) => {
      folder.replace('changing.yaml', text('changing.yaml'));
      folder.replace('shared.yaml', text('shared.yaml'));
    });
  if (luck < 0.72)
    return state.coming === null
      ? change('a file put back', { coming: serial }, (folder, text) =>
          folder.replace('coming.yaml', text('coming.yaml')),
        )
      : change('a file removed', { coming: null, shared: serial }, (folder, text) => {
          folder.remove('coming.yaml');
          folder.replace('shared.yaml', text('shared.yaml'));
        });
  if (luck < 0.84)
    return change('a link swapped', { pair: serial }, (folder) =>
      folder.swapMounted(ruleTexts({ ...state, pair: serial })),
    );
  if (luck < 0.92)
    return change('a burst', { own: serial, shared: serial, pair: serial }, (folder, text) => {
      folder.replace('always.yaml', text('always.yaml'));
      folder.recreate('shared.yaml', text('shared.yaml'));
      folder.replace('changing.yaml', text('changing.yaml'));
      folder.swapMounted(ruleTexts({ ...state, pair: serial }));
    });
  const bad = BAD[Math.floor(between(random, 0, BAD.length))] as (typeof BAD)[number];
  return {
    ...change('a bad file', {}, (folder) => folder.replace(bad.file, padded(bad.text))),
    bad: bad.file,
  };
}

/** What the folder may be read as while a change is under way: some of its files as they were, the others as they will be. */
export function mixesOf(before: RuleState, after: RuleState): readonly RuleState[] {
  const { bound, below } = after;
  const parts: readonly Partial<RuleState>[] = [
    { own: after.own },
    { shared: after.shared },
    { bound, below },
    { coming: after.coming },
    { pair: after.pair },
  ];
  let mixes: RuleState[] = [before];
  for (const part of parts) {
    const isChange = Object.entries(part).some(
      ([field, value]) => before[field as keyof RuleState] !== value,
    );
    if (isChange) mixes = mixes.flatMap((mix) => [mix, { ...mix, ...part }]);
  }
  return mixes;
}
