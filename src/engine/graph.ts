import { isObject, ownValue } from '../kernel/json.js';
import type { GraphReport } from '../model/report.js';
import type { Plugins } from './plugins.js';
import { readRuleFolder, RulesInvalid } from './rule-folder.js';

type Node = GraphReport['nodes'][number];

/** What leads to what: event types → triggers → workflows → event types that `emit` workflows publish. */
export async function graph(options: { readonly folder: string }, plugins: Plugins): Promise<GraphReport> {
  const { source, diagnostics } = await readRuleFolder(options.folder, plugins);
  if (diagnostics.some((diagnostic) => diagnostic.severity === 'error'))
    throw new RulesInvalid(options.folder, diagnostics);
  const nodes = new Map<string, Node>();
  const edges = new Map<string, GraphReport['edges'][number]>();
  const node = (kind: Node['kind'], label: string): string => {
    const id = `${kind}:${label}`;
    if (!nodes.has(id)) nodes.set(id, { id, kind, label });
    return id;
  };
  const edge = (from: string, to: string): void => {
    edges.set(`${from} ${to}`, { from, to });
  };
  for (const trigger of source.triggers) {
    const own = node('trigger', trigger.trigger_id);
    const types =
      trigger.memory === null
        ? trigger.event_types
        : trigger.memory.listeners.flatMap((listener) => listener.event_types);
    for (const type of new Set([...trigger.event_types, ...types])) edge(node('event_type', type), own);
    for (const launch of trigger.launches) edge(own, node('workflow', launch.workflow_name));
  }
  for (const workflow of source.workflows) {
    if (workflow.executor !== 'emit' || !isObject(workflow.with)) continue;
    const type = ownValue(workflow.with, 'event_type');
    if (typeof type === 'string') edge(node('workflow', workflow.workflow_name), node('event_type', type));
  }
  return { schema: 'triggerd/graph@1', nodes: [...nodes.values()], edges: [...edges.values()] };
}
