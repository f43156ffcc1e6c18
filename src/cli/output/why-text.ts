import type { SourcePlace, Why, WhyNode } from '../../model/report.js';
import { placeOf } from './diagnostics-text.js';
import { cutToWidth } from './display-width.js';
import { printable, printableJson } from './printable.js';
import { sign, type Style } from './style.js';

const VALUE_WIDTH = 60;

const OUTCOME_WORDS: Readonly<Record<Why['outcome'], string>> = {
  launched: 'launches',
  observed: 'fires, observed only',
  suppressed: 'suppressed',
  remembered: 'remembered, not yet complete',
  not_matched: 'does not match',
  inactive: 'is not active',
};

/** One trigger's verdict on one event: the outcome, the reason, then every test with what was wanted and found. */
export function whyLines(why: Why, style: Style): readonly string[] {
  const element = why.item === null ? '' : `, element ${why.item}`;
  const event = why.event_id === null ? 'without an event' : `on event ${printable(why.event_id)}`;
  const fires = why.outcome === 'launched' || why.outcome === 'observed';
  const paint = fires ? style.green : why.outcome === 'not_matched' ? style.red : style.yellow;
  const lines = [
    `${style.bold(printable(why.trigger_id))} ${event}${element}: ${paint(OUTCOME_WORDS[why.outcome])}`,
    `  ${printable(why.reason)}${placeWords(why.deciding?.place ?? null, style)}`,
  ];
  if (why.state !== null && why.state !== why.reason) lines.push(`  state: ${printable(why.state)}`);
  for (const { role, tree } of why.roles) {
    // `match` is the trigger's own events: the only role most triggers have, so it needs no heading.
    if (role !== 'match' || why.roles.length > 1) lines.push(`  ${style.cyan(printable(role))}`);
    lines.push(...treeLines(tree, style, '  '));
  }
  return lines;
}

function placeWords(place: SourcePlace | null, style: Style): string {
  return place === null ? '' : `  ${style.dim(placeOf({ file: place.file, line: place.line }))}`;
}

const COMBINATION_WORDS = { all: 'all of', any: 'any of', not: 'not' } as const;

function treeLines(node: WhyNode, style: Style, lead: string): readonly string[] {
  if (node.kind === 'field') return [`${lead}${sign(node.holds, style)} ${fieldWords(node, style)}`];
  const tests = node.tests ?? [];
  // A list of one says no more than its member.
  const [only] = tests;
  if (node.kind !== 'not' && tests.length === 1 && only !== undefined) return treeLines(only, style, lead);
  const empty = tests.length === 0 && node.kind === 'all' ? ' (no tests)' : '';
  return [
    `${lead}${sign(node.holds, style)} ${COMBINATION_WORDS[node.kind]}${empty}`,
    ...tests.flatMap((test) => treeLines(test, style, `${lead}  `)),
  ];
}

function fieldWords(node: WhyNode, style: Style): string {
  const wanted = node.wanted === undefined ? '' : ` ${cutToWidth(printableJson(node.wanted), VALUE_WIDTH)}`;
  const found = node.missing ? 'not there' : cutToWidth(printableJson(node.found), VALUE_WIDTH);
  const test = `${printable(node.path ?? '')} ${printable(node.operator ?? '')}${wanted}`;
  const note = node.note === undefined ? '' : ` (${printable(node.note)})`;
  return `${test}  found ${node.holds ? found : style.bold(found)}${note}${placeWords(node.place, style)}`;
}
