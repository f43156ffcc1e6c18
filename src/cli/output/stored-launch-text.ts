import { parseTime } from '../../kernel/time.js';
import { formatDuration } from '../../kernel/duration.js';
import type { LaunchStatus } from '../../model/outcome.js';
import type { WireAttempt, WireLaunch } from '../../model/wire.js';
import { launchLines } from './launch-text.js';
import { printable, printableJson } from './printable.js';
import type { Style } from './style.js';
import { joinLines } from './words.js';

/** A status in its colour. */
export function statusText(status: LaunchStatus, style: Style): string {
  switch (status) {
    case 'succeeded':
      return style.green(status);
    case 'dead':
      return style.red(status);
    case 'retrying':
    case 'skipped':
      return style.yellow(status);
    case 'observed':
      return style.dim(status);
    case 'pending':
    case 'running':
      return style.cyan(status);
  }
}

/** One launch in full: what was decided, and every attempt to carry it out. */
export function storedLaunchText(launch: WireLaunch, style: Style): string {
  const next = launch.next_at === null ? '' : `, next attempt ${launch.next_at}`;
  const ended = launch.ended_at === null ? '' : `, ended ${launch.ended_at}`;
  return joinLines([
    `${style.bold(printable(launch.launch_id))}  ${statusText(launch.status, style)}${next}${ended}`,
    ...launchLines(launch, style, true),
    `    executor ${printable(launch.executor)}, rules ${printable(launch.ruleset_hash)}, position ${launch.position}`,
    ...launch.attempts.map((attempt) => attemptLine(attempt, style)),
    ...(launch.output === null ? [] : [`    output ${printableJson(launch.output)}`]),
  ]);
}

function attemptLine({ number, started_at, ended_at, reason }: WireAttempt, style: Style): string {
  const head = `    attempt ${number}  ${started_at}`;
  if (ended_at === null) return `${head}  ${style.cyan('under way, or cut off')}`;
  const tookMs = (parseTime(ended_at) ?? 0) - (parseTime(started_at) ?? 0);
  const took = tookMs >= 0 ? `  ${formatDuration(tookMs)}` : '';
  return `${head}${took}  ${reason === null ? style.green('succeeded') : style.red(printable(reason))}`;
}
