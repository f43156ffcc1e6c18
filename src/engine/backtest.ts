import { deepEqual } from '../kernel/json.js';
import type { BacktestReport, ReportLaunch } from '../model/report.js';
import type { BacktestOptions, RunIo } from './api.js';
import { dryRun } from './dry-run.js';
import type { Plugins } from './plugins.js';

/**
 * Replays recorded events against a folder and, with `against`, against another one too: which launches were added,
 * removed, or changed in input. The same decision has the same launch id in both, so ids pair them.
 */
export async function backtest(
  options: BacktestOptions,
  plugins: Plugins,
  io: RunIo,
): Promise<BacktestReport> {
  const after = await replay(options.folder, options, plugins, io);
  const before = options.against === null ? null : await replay(options.against, options, plugins, io);
  const compared =
    before === null ? { added: [], removed: [], changed: [] } : compare(before.launches, after.launches);
  return {
    schema: 'triggerd/backtest@1',
    events: after.events,
    launches: after.launches,
    ...compared,
    diagnostics: after.diagnostics,
  };
}

interface Replay {
  readonly events: number;
  readonly launches: readonly ReportLaunch[];
  readonly diagnostics: BacktestReport['diagnostics'];
}

async function replay(
  folder: string,
  options: BacktestOptions,
  plugins: Plugins,
  io: RunIo,
): Promise<Replay> {
  const launches: ReportLaunch[] = [];
  const report = await dryRun(
    {
      folder,
      events: options.events,
      explain: false,
      until: options.until,
      sink: {
        launch: (launch) => void launches.push(launch),
        suppression: () => undefined,
        why: () => undefined,
      },
    },
    plugins,
    io,
  );
  return { events: report.events, launches, diagnostics: report.diagnostics };
}

function compare(
  before: readonly ReportLaunch[],
  after: readonly ReportLaunch[],
): Pick<BacktestReport, 'added' | 'removed' | 'changed'> {
  const old = new Map(before.map((launch) => [launch.launch_id, launch]));
  const fresh = new Set(after.map((launch) => launch.launch_id));
  const changed: { before: ReportLaunch; after: ReportLaunch }[] = [];
  const added: ReportLaunch[] = [];
  for (const launch of after) {
    const counterpart = old.get(launch.launch_id);
    if (counterpart === undefined) added.push(launch);
    else if (counterpart.mode !== launch.mode || !deepEqual(counterpart.input, launch.input)) {
      changed.push({ before: counterpart, after: launch });
    }
  }
  return { added, removed: before.filter((launch) => !fresh.has(launch.launch_id)), changed };
}
