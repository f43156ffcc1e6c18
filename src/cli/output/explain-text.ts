import type { ExplainReport } from '../../model/report.js';
import type { Style } from './style.js';
import { whyLines } from './why-text.js';
import { joinLines } from './words.js';

/** The verdicts in the order of the events, a blank line between them. */
export function explainText(report: ExplainReport, style: Style): string {
  return report.why.map((why) => joinLines(whyLines(why, style))).join('\n');
}
