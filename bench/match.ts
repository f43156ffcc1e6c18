/**
 * What a decision costs, in the same process and in interleaved rounds: JSON.parse alone; with full decisions (event read,
 * matched, gates asked, launch id and input made) and with matching only; one json-rules-engine with all rules; a hand-written predicate for each
 * trigger. Runs on the compiled code (`npm run bench:match` builds it; another build's folder may be given).
 */
import { Engine } from 'json-rules-engine';
import type { Event } from '../src/model/event.js';
import type { Hit } from '../src/ports/matcher.js';
import { makeSource } from '../test/support/trigger.js';
import { machine, median, table } from './machine.js';
import { createWorkload, type NaiveRule, type Workload } from './match-workload.js';

const WARM_ROUNDS = 8;
const ROUNDS = 9;
const EVENTS = 4_000;
const SLICE = 250;
const COUNTS = (process.env['BENCH_COUNTS'] ?? '10,100,1000,10000,100000').split(',').map(Number);
const NAIVE_MAX = 1_000;
/** Trying all triggers takes so long that fewer events do. */
const triesFor = (triggers: number, perRound: number): number =>
  Math.max(5, Math.min(EVENTS, Math.floor(perRound / triggers)));

const folder = new URL(process.argv[2] ?? '../dist/', import.meta.url);
const load = async <T>(path: string): Promise<T> => (await import(new URL(path, folder).href)) as T;
const { compileRuleset } = await load<typeof import('../src/compile/ruleset.js')>('compile/ruleset.js');
const { createMatcher } = await load<typeof import('../src/match/matcher.js')>('match/matcher.js');
const { createDecider } = await load<typeof import('../src/decide/decider.js')>('decide/decider.js');
const { readEvent } = await load<typeof import('../src/load/event.js')>('load/event.js');
const { createLauncher } = await load<typeof import('../src/launch/launch.js')>('launch/launch.js');
const { createTemplates } = await load<typeof import('../src/launch/liquid.js')>('launch/liquid.js');

/** Decides one event from its text; the number of launches. */
type Decide = (text: string) => number;

interface Ours {
  readonly decide: Decide;
  readonly match: (event: Event) => readonly Hit[];
  readonly candidates: () => number;
  readonly compileMs: number;
  readonly indexMs: number;
}

function createOurs(workload: Workload): Ours {
  const begun = performance.now();
  const ruleset = compileRuleset(makeSource(workload.triggers));
  const compiled = performance.now();
  const matcher = createMatcher(ruleset);
  const indexed = performance.now();
  const decider = createDecider({ ruleset, matcher, reducers: new Map() });
  const launcher = createLauncher(ruleset, createTemplates());
  decider.start(0);
  const options = { mode: 'lenient', receivedAt: 0, newId: () => 'none' } as const;
  return {
    decide(text) {
      const read = readEvent(JSON.parse(text), options);
      if ('problems' in read) throw new Error(JSON.stringify(read.problems));
      const { firings } = decider.event(read.event, read.at, read.at);
      let launches = 0;
      for (const firing of firings) launches += launcher.launches(firing).length;
      return launches;
    },
    match: (event) => matcher.match(event),
    candidates: () => matcher.candidates,
    compileMs: compiled - begun,
    indexMs: indexed - compiled,
  };
}

function createNaive(rules: readonly NaiveRule[]): (event: Event) => Promise<number> {
  const regexes = new Map<string, RegExp>();
  const engine = new Engine();
  engine.addOperator('matches', (found: string, pattern: string) => {
    let regex = regexes.get(pattern);
    if (regex === undefined) {
      regex = new RegExp(pattern);
      regexes.set(pattern, regex);
    }
    return typeof found === 'string' && regex.test(found);
  });
  for (const { conditions, event } of rules)
    engine.addRule({ conditions: { all: conditions.all.map((one) => ({ ...one })) }, event });
  return async (event) => (await engine.run({ event })).events.length;
}

function microseconds(begun: bigint, events: number): number {
  return Number(process.hrtime.bigint() - begun) / 1_000 / events;
}

interface Figures {
  readonly parse: number;
  readonly ours: number;
  readonly match: number;
  readonly predicates: number;
  readonly naive: number | null;
  readonly matches: number;
  readonly candidates: number;
  readonly compileMs: number;
  readonly indexMs: number;
}

async function measure(count: number): Promise<Figures> {
  const workload = createWorkload(count, EVENTS);
  const { texts, predicates } = workload;
  const events = texts.map((text) => JSON.parse(text) as Event);
  const ours = createOurs(workload);
  const naive = count > NAIVE_MAX ? null : createNaive(workload.naiveRules);

  const times = { parse: [] as number[], ours: [] as number[], match: [] as number[] };
  const slow = { predicates: [] as number[], naive: [] as number[] };
  const tried = triesFor(count, 400_000);
  let matches = 0;
  let kept: unknown;
  // Rounds before the first that counts: every rule an event needs has been built, and the code is warm.
  for (let round = -WARM_ROUNDS; round < ROUNDS; round++) {
    let launches = 0;
    let hits = 0;
    // Short slices, the variants one after the other: what else the machine does meets all of them alike.
    for (let from = 0; from < texts.length; from += SLICE) {
      const slice = texts.slice(from, from + SLICE);
      let begun = process.hrtime.bigint();
      for (const text of slice) kept = JSON.parse(text);
      const parse = microseconds(begun, slice.length);

      begun = process.hrtime.bigint();
      for (const text of slice) launches += ours.decide(text);
      const full = microseconds(begun, slice.length);

      begun = process.hrtime.bigint();
      for (const text of slice) hits += ours.match(JSON.parse(text) as Event).length;
      const match = microseconds(begun, slice.length);
      if (round < 0) continue;
      times.parse.push(parse);
      times.ours.push(full);
      times.match.push(match);
    }
    if (hits !== launches) throw new Error(`${hits} hits, ${launches} launches`);
    matches = launches / texts.length;

    let begun = process.hrtime.bigint();
    let held = 0;
    for (let i = 0; i < tried; i++) {
      const event = JSON.parse(texts[i] as string) as Event;
      for (const predicate of predicates) if (predicate(event)) held++;
    }
    if (round >= 0) slow.predicates.push(microseconds(begun, tried));
    compare('the predicates', held, events.slice(0, tried), ours);
    if (naive === null || round < 0) continue;

    const run = triesFor(count, 10_000);
    begun = process.hrtime.bigint();
    let fired = 0;
    for (let i = 0; i < run; i++) fired += await naive(JSON.parse(texts[i] as string) as Event);
    slow.naive.push(microseconds(begun, run));
    compare('json-rules-engine', fired, events.slice(0, run), ours);
  }
  if (kept === undefined) throw new Error('nothing was parsed');
  const before = ours.candidates();
  for (const event of events) ours.match(event);
  return {
    parse: median(times.parse),
    ours: median(times.ours),
    match: median(times.match),
    predicates: median(slow.predicates),
    naive: naive === null ? null : median(slow.naive),
    matches,
    candidates: (ours.candidates() - before) / events.length,
    compileMs: ours.compileMs,
    indexMs: ours.indexMs,
  };
}

/** All must agree on how often a trigger matches, or the figures compare different work. */
function compare(who: string, found: number, events: readonly Event[], ours: Ours): void {
  const wanted = events.reduce((sum, event) => sum + ours.match(event).length, 0);
  if (found !== wanted) throw new Error(`${who} found ${found} matches, triggerd ${wanted}`);
}

const sample = createWorkload(1_000, 200).texts;
const bytes = Math.round(sample.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / sample.length);
console.log(machine());
console.log(
  `${bytes} bytes an event, 20 event types, 60 % equality, 25 % thresholds, 15 % regular expressions; µs per event, medians of ${ROUNDS} rounds, interleaved every ${SLICE} events\n`,
);
const rows = [
  [
    'triggers',
    'JSON.parse',
    '+ decisions',
    'ratio',
    '+ match only',
    'predicates',
    'one engine',
    'engine/ours',
    'matches',
    'candidates',
    'compile ms',
    'index ms',
  ],
];
const counts = process.argv[3] === undefined ? COUNTS : process.argv[3].split(',').map(Number);
for (const count of counts) {
  const figures = await measure(count);
  rows.push([
    String(count),
    figures.parse.toFixed(2),
    figures.ours.toFixed(2),
    (figures.ours / figures.parse).toFixed(2),
    figures.match.toFixed(2),
    figures.predicates.toFixed(1),
    figures.naive === null ? '–' : figures.naive.toFixed(0),
    figures.naive === null ? '–' : (figures.naive / figures.ours).toFixed(0),
    figures.matches.toFixed(2),
    figures.candidates.toFixed(2),
    figures.compileMs.toFixed(0),
    figures.indexMs.toFixed(0),
  ]);
}
console.log(table(rows));
