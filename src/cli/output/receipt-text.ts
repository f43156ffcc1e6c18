import type { WireReceipts } from '../../model/wire.js';
import { launchLines, suppressionLine } from './launch-text.js';
import { printable } from './printable.js';
import type { Style } from './style.js';
import { indent, joinLines } from './words.js';

type Receipt = WireReceipts['events'][number];

/** The id of an event that was taken, so that a program can cut it out; with decisions, what it led to below it. */
export function receiptText(receipt: Receipt, style: Style, decisions: boolean): string {
  const id = printable(receipt.event_id);
  const known = receipt.duplicate ? `  ${style.yellow('duplicate')}` : '';
  if (!decisions) return `${id}${known}\n`;
  const { decision = null, launches = [] } = receipt;
  const lines = [
    ...launches.flatMap((launch) => launchLines(launch, style, false)),
    ...(decision?.suppressed ?? []).map((suppression) => suppressionLine(suppression, style)),
  ];
  if (lines.length === 0 && !receipt.duplicate) lines.push(style.dim('launches nothing now'));
  return joinLines([`${style.bold(id)}${known}`, ...indent(lines, '  ')]);
}
