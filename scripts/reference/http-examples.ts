import { readEvent } from '../../src/load/event.js';
import { createProblems } from '../../src/server/problems.js';
import type { Refusal } from '../../src/server/refusal.js';
import type { AnyRoute } from '../../src/server/route.js';
import type { SchemaName } from '../../src/server/schemas.js';

/** The error of a request whose second event is wrong. */
export function eventError(): Refusal {
  const problems = createProblems();
  const read = readEvent({ priority: 'urgnt' }, { mode: 'lenient', receivedAt: 0, newId: () => '' });
  if ('problems' in read)
    for (const { path, message, hint } of read.problems) problems.add(1, path, message, hint);
  return problems.refusal();
}

/** A request of a route, for a shell. */
export function curl({ method, path, body, parameters }: AnyRoute): string {
  const first = Object.entries(parameters).find(([name]) => ['wait', 'limit', 'trigger'].includes(name));
  const value = first === undefined ? '' : { wait: 'decision', limit: '20', trigger: 'ship-order' }[first[0]];
  const query = first === undefined ? '' : `?${first[0]}=${value}`;
  const url = `"http://127.0.0.1:7878${path.replace(/:(\w+)/g, (_, name: string) => name.toUpperCase())}${query}"`;
  if (method === 'GET') return `curl ${url}`;
  if (body === null || !body.required) return `curl -X POST ${url}`;
  const example = JSON.stringify(BODY_EXAMPLES[body.schema] ?? {});
  return `curl ${url} \\\n  -H 'content-type: application/json' -d '${example}'`;
}

const ORDER = { event_type: 'order.paid', payload: { total: 120 } };
const BODY_EXAMPLES: Partial<Record<SchemaName, unknown>> = {
  Event: ORDER,
  Events: ORDER,
  Reset: { group: { 'payload.region': 'eu' } },
  Snooze: { until: '2h' },
};
