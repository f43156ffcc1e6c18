import { conditionKinds } from '../conditions/registry.js';
import { executorKinds } from '../executors/registry.js';
import type { App, RunIo } from '../engine/api.js';
import type { Plugins } from '../engine/plugins.js';
import { createTemplates } from '../launch/liquid.js';

/**
 * The application with its plug-ins: the one place where the registries are read. Each command's engine is loaded when it
 * is first called, so that starting costs what is used.
 */
export function createApp(
  io: RunIo,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): App {
  const plugins: Plugins = {
    conditions: conditionKinds,
    executors: executorKinds,
    templates: createTemplates(),
    environment,
  };
  return {
    check: async (options) => (await import('../engine/check.js')).check(options, plugins, io),
    dryRun: async (options) => (await import('../engine/dry-run.js')).dryRun(options, plugins, io),
    explain: async (options) => (await import('../engine/explain.js')).explain(options, plugins, io),
    test: async (options) => (await import('../engine/rule-tests.js')).runRuleTests(options, plugins),
    backtest: async (options) => (await import('../engine/backtest.js')).backtest(options, plugins, io),
    graph: async (options) => (await import('../engine/graph.js')).graph(options, plugins),
  };
}
