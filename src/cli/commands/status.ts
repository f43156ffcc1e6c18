import type { Readiness } from '../../engine/daemon.js';
import type { StatsAnswer } from '../../server/routes/health.js';
import { clientOf, DAEMON_OPTIONS } from '../client/options.js';
import type { CommandDefinition } from '../command.js';
import { jsonReport, reportDiagnostic } from '../output/json-report.js';
import { statusText } from '../output/status-text.js';
import { formatOption } from '../shared-options.js';

export const status: CommandDefinition = {
  description:
    'Says whether a running daemon takes events, under which rules, and what it has done so far. When the newest change of the rules was refused, prints every diagnostic as check does.',
  arguments: [],
  options: [...DAEMON_OPTIONS, formatOption(['text', 'json'])],
  examples: [
    { command: 'triggerd status', does: 'the daemon of this machine' },
    {
      command: 'triggerd status --url https://triggerd.internal --format json | jq .stats.launches',
      does: 'another one, for other programs',
    },
  ],
  exits: [
    'it takes events (the newest rules may have been refused)',
    'it runs and takes no events',
    'wrong usage, or the daemon cannot be reached or refused',
  ],
  async run(input, context) {
    const client = clientOf(input, context);
    const readiness = await client.get<Readiness>('/readyz', {}, [503]);
    const stats = await client.get<StatsAnswer>('/v1/stats');
    if (input.value('format') === 'json') {
      const diagnostics = readiness.diagnostics.map(reportDiagnostic);
      context.out(jsonReport({ readiness: { ...readiness, diagnostics }, stats }));
    } else {
      context.out(statusText(readiness, stats, context.style));
    }
    return readiness.ready ? 0 : 1;
  },
};
