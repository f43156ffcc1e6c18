import type { CommandEntry } from './command.js';

/** Every command there is. A new one is its file and its entry here. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'check',
    summary: 'find everything that is wrong or doubtful in a rule folder',
    load: async () => (await import('./commands/check.js')).check,
  },
  {
    name: 'dry-run',
    summary: 'run sample events through the rules, launching nothing',
    load: async () => (await import('./commands/dry-run.js')).dryRun,
  },
  {
    name: 'explain',
    summary: 'say why a trigger does or does not fire on an event',
    load: async () => (await import('./commands/explain.js')).explain,
  },
  {
    name: 'test',
    summary: "run the folder's rule tests",
    load: async () => (await import('./commands/test.js')).test,
  },
  {
    name: 'backtest',
    summary: 'replay recorded events, also against another version of the rules',
    load: async () => (await import('./commands/backtest.js')).backtest,
  },
  {
    name: 'graph',
    summary: 'draw event types, triggers and workflows',
    load: async () => (await import('./commands/graph.js')).graph,
  },
  {
    name: 'schema',
    summary: 'print the JSON Schemas of rule files, events and reports',
    load: async () => (await import('./commands/schema.js')).schema,
  },
  {
    name: 'init',
    summary: 'make a starter rule folder',
    load: async () => (await import('./commands/init.js')).init,
  },
  {
    name: 'completion',
    summary: 'print a completion script for your shell',
    load: async () => (await import('./commands/completion.js')).completion,
  },
];
