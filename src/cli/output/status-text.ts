import type { Readiness } from '../../engine/daemon.js';
import { LAUNCH_STATUSES } from '../../model/outcome.js';
import type { StatsAnswer } from '../../server/routes/health.js';
import { diagnosticsText } from './diagnostics-text.js';
import { printable } from './printable.js';
import type { Style } from './style.js';
import { count, grouped, joinLines } from './words.js';

/** Whether the daemon works, what is wrong with its rules, and its counts. */
export function statusText(readiness: Readiness, stats: StatsAnswer, style: Style): string {
  const { ready, problems } = readiness;
  const words = ready ? style.green('ready') : style.red('not ready');
  const doubts = problems.length === 0 ? '' : `: ${style.yellow(problems.map(printable).join(', '))}`;
  const refused =
    readiness.refused_at === null
      ? []
      : [
          style.yellow(
            `the rules were changed at ${readiness.refused_at} and refused; those before stay at work:`,
          ),
          '',
        ];
  return (
    joinLines([
      `${words}${doubts}`,
      `rules     ${printable(readiness.ruleset_hash)}, ${count(readiness.triggers, 'trigger')} (${grouped(stats.triggers.active)} active), loaded ${readiness.loaded_at}`,
      ...refused,
    ]) +
    diagnosticsText(readiness.diagnostics, style) +
    joinLines(countLines(stats))
  );
}

function countLines(stats: StatsAnswer): readonly string[] {
  const { events, launches, reloads, workflows, stream } = stats;
  const statuses = LAUNCH_STATUSES.filter((status) => launches[status] > 0);
  const parts = statuses.map((status) => `${grouped(launches[status])} ${status}`);
  return [
    `events    ${grouped(events.received)} received, ${grouped(events.duplicate)} duplicate, ${grouped(events.rejected)} rejected, ${grouped(events.stored)} stored; position ${grouped(stats.position)}`,
    `launches  ${parts.length === 0 ? 'none' : parts.join(', ')}`,
    `at work   ${count(stats.running, 'launch', 'launches')} running, ${grouped(stats.queued)} waiting`,
    `workflows ${Object.entries(workflows)
      .map(([change, times]) => `${grouped(times)} ${change}`)
      .join(', ')}`,
    `stream    ${count(stream.connected_clients, 'client')}, ${count(stream.total_subscriptions, 'subscription')}; ${grouped(stream.dropped)} dropped`,
    `reloads   ${grouped(reloads.taken)} taken, ${grouped(reloads.refused)} refused`,
    `store     ${sizeWords(stats.store_bytes)}`,
    `running   since ${stats.started_at}`,
  ];
}

function sizeWords(sizeBytes: number): string {
  const mebibytes = sizeBytes / 2 ** 20;
  return mebibytes >= 1
    ? `${grouped(Math.round(mebibytes))} MiB`
    : `${grouped(Math.ceil(sizeBytes / 1_024))} KiB`;
}
