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
    name: 'run',
    summary: 'run the rules as a daemon',
    load: async () => (await import('./commands/run.js')).run,
  },
  {
    name: 'emit',
    summary: 'send events to a running daemon',
    load: async () => (await import('./commands/emit.js')).emit,
  },
  {
    name: 'tail',
    summary: 'follow what happens in a running daemon',
    load: async () => (await import('./commands/tail.js')).tail,
  },
  {
    name: 'status',
    summary: 'whether a running daemon works, and what it has done',
    load: async () => (await import('./commands/status.js')).status,
  },
  {
    name: 'events',
    summary: 'list the events that a running daemon has taken',
    load: async () => (await import('./commands/events.js')).events,
  },
  {
    name: 'launches',
    summary: 'list the launches of a running daemon',
    load: async () => (await import('./commands/launches.js')).launches,
  },
  {
    name: 'redrive',
    summary: 'try dead launches again',
    load: async () => (await import('./commands/redrive.js')).redrive,
  },
  {
    name: 'reset',
    summary: 'make a trigger forget what it remembers',
    load: async () => (await import('./commands/reset.js')).reset,
  },
  {
    name: 'snooze',
    summary: 'silence a trigger for a while',
    load: async () => (await import('./commands/snooze.js')).snooze,
  },
  {
    name: 'record',
    summary: 'write a past launch as a rule test',
    load: async () => (await import('./commands/record.js')).record,
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
