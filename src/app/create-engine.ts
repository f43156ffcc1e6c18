import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { conditionKinds } from '../conditions/registry.js';
import type { Engine, EngineOptions } from '../engine/library/engine.js';
import { executorKinds } from '../executors/registry.js';
import { uuidV7 } from '../kernel/ids.js';
import type { Log } from '../kernel/log.js';
import { createTemplates } from '../launch/liquid.js';
import type { Meter } from '../ports/meter.js';
import { createMemoryStore } from '../stores/memory.js';
import { systemClock } from './clock.js';
import { createSecrets } from './secrets.js';

/**
 * A rule engine within a program: rules from a folder or given, launches carried out, everything in memory unless a store is
 * given. Nothing of it is the process's: several live side by side. Throws RulesInvalid with every diagnostic when the rules
 * have errors, and the faults of the folder and the store.
 */
export async function createEngine(options: EngineOptions = {}): Promise<Engine> {
  const { clock = systemClock, environment = process.env } = options;
  // Loaded when it is needed, so that importing the package costs little.
  const { startEngine } = await import('../engine/library/engine.js');
  return startEngine(options, {
    plugins: {
      conditions: conditionKinds,
      executors: executorKinds,
      templates: createTemplates(),
      environment,
    },
    store: options.store ?? createMemoryStore(),
    clock,
    log: options.log ?? noLog,
    meter: options.meter ?? noMeter,
    secrets: createSecrets({ environment, readFile: (path) => readFileSync(path, 'utf8') }),
    executorSettings: {
      allow_commands: false,
      module_folders: [],
      private_networks: [],
      folder: resolve(options.folder ?? '.'),
      smtp_url: null,
      ...options.executorSettings,
    },
    random: Math.random,
    newId: () => uuidV7(clock.now()),
  });
}

const nothing = (): void => undefined;
const noLog: Log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
const noMeter: Meter = {
  counter: () => ({ add: nothing }),
  gauge: () => ({ set: nothing }),
  histogram: () => ({ observe: nothing }),
  watch: nothing,
};
