import { createHash } from 'node:crypto';
import { Fault } from '../../kernel/fault.js';
import type { JsonObject } from '../../kernel/json.js';
import type { Log } from '../../kernel/log.js';
import type { Diagnostic } from '../../model/diagnostic.js';
import type { Clock } from '../../ports/clock.js';
import type { Meter } from '../../ports/meter.js';
import { fingerprint, watchFolder, type FolderWatch } from '../../load/watch-folder.js';
import { validateFolder } from '../../validate/folder.js';
import type { Plugins } from '../plugins.js';
import { compileFolder, readRuleFolder, type CompiledFolder, type RuleFolder } from '../rule-folder.js';

/** What the newest reading of the folder came to. Times are epoch ms. */
export interface ReloadStatus {
  readonly loadedAt: number;
  /** When the newest reading was refused; null when it was taken. */
  readonly refusedAt: number | null;
  readonly diagnostics: readonly Diagnostic[];
  /** Why it was refused, when that is no matter of a file. */
  readonly reason: string | null;
  readonly taken: number;
  readonly refused: number;
}

/** A folder that never holds still is read all the same. */
const STEADY_ATTEMPTS = 10;

export interface ReloaderOptions {
  readonly root: string;
  readonly plugins: Plugins;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
  readonly settleMs: number;
  /** Puts a good folder in place; resolves to what was dropped with it, as text for the log. */
  take(folder: CompiledFolder): Promise<readonly string[]>;
  /** A reading was refused: somebody should hear of it. */
  refused(reason: string, diagnostics: readonly Diagnostic[]): void;
}

/** Reads the rule folder again whenever it changes: as a whole, taken whole or not at all. */
export interface Reloader {
  readonly status: ReloadStatus;
  /** Reads it now, after a reading under way; resolves when it is taken or refused. */
  reload(): Promise<void>;
  watch(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Reads the folder for the first time. Bad files are a Fault (`rules-invalid`), or with `keepGoing` left out: then the other
 * files run, and the diagnostics say what does not.
 */
export async function firstReading(
  root: string,
  plugins: Plugins,
  keepGoing: boolean,
): Promise<CompiledFolder> {
  const folder = await readRuleFolder(root, plugins);
  refuseUnlaunchable(folder);
  if (!keepGoing) return compileFolder(folder, plugins);
  return compileFolder(withoutBadFiles(folder, plugins), plugins);
}

/** Leaves out files with errors until there are none: a file may have become bad by what another one no longer defines. */
function withoutBadFiles(folder: RuleFolder, plugins: Plugins): RuleFolder {
  let { documents, source } = folder;
  const problems = [...folder.diagnostics];
  let fresh: readonly Diagnostic[] = folder.diagnostics;
  for (;;) {
    const bad = new Set(fresh.filter(({ severity }) => severity === 'error').map(({ file }) => file));
    if (bad.size === 0) break;
    documents = documents.filter(({ file }) => !bad.has(file));
    const validated = validateFolder(documents, plugins);
    source = validated.source;
    fresh = validated.diagnostics.filter(({ file }) => documents.some((one) => one.file === file));
    problems.push(...fresh.filter(({ severity }) => severity === 'error'));
  }
  const diagnostics = problems.map((one) =>
    one.severity === 'error' ? { ...one, severity: 'warning' as const } : one,
  );
  return { ...folder, documents, source, diagnostics };
}

/** A folder without workflows can be checked and tested, but there is nothing that it could launch. */
function refuseUnlaunchable(folder: RuleFolder): void {
  const { triggers, workflows } = folder.source;
  if (triggers.length === 0 || workflows.length > 0) return;
  if (folder.diagnostics.some(({ severity }) => severity === 'error')) return;
  throw new Fault('rules-invalid', `${folder.root} defines no workflow, so nothing could be launched`, {
    hint: 'add workflows: with the names that the triggers launch; check, dry-run and test work without them',
  });
}

export function createReloader(first: CompiledFolder, options: ReloaderOptions): Reloader {
  const { clock, log, meter } = options;
  const reloads = meter.counter('reloads_total', 'Readings of the rule folder by outcome.', ['outcome']);
  const loadedGauge = meter.gauge('rules_loaded_timestamp_seconds', 'When the rules at work were loaded.');
  loadedGauge.set(clock.now() / 1_000);
  let status: ReloadStatus = {
    loadedAt: clock.now(),
    refusedAt: null,
    diagnostics: first.diagnostics,
    reason: null,
    taken: 0,
    refused: 0,
  };
  let before = digest(first);
  let reading: Promise<void> | null = null;
  let again = false;
  let watching: FolderWatch | null = null;
  let closed = false;

  const refuse = (reason: string, diagnostics: readonly Diagnostic[]): void => {
    status = {
      ...status,
      refusedAt: clock.now(),
      reason,
      diagnostics,
      refused: status.refused + 1,
    };
    reloads.add(1, { outcome: 'refused' });
    log.error('a change of the rules was refused: the rules before it stay at work', {
      reason,
      diagnostics: inBrief(diagnostics),
    });
    options.refused(reason, diagnostics);
  };

  /** Files are read one by one: what changed meanwhile would be half of the old folder and half of the new. */
  const readSteadily = async (): Promise<RuleFolder> => {
    for (let attempt = 1; ; attempt++) {
      const before = await fingerprint(options.root);
      const folder = await readRuleFolder(options.root, options.plugins);
      if (attempt === STEADY_ATTEMPTS || (await fingerprint(options.root)) === before) return folder;
    }
  };

  const readOnce = async (): Promise<void> => {
    let folder: RuleFolder;
    let compiled: CompiledFolder;
    try {
      folder = await readSteadily();
      const errors = folder.diagnostics.filter(({ severity }) => severity === 'error');
      if (errors.length > 0) {
        refuse(
          `${errors.length} ${errors.length === 1 ? 'error' : 'errors'} in the rule folder`,
          folder.diagnostics,
        );
        return;
      }
      refuseUnlaunchable(folder);
      const now = digest(folder);
      if (now === before) {
        // Saved again as it was, or mended to what it was before a change that was refused.
        if (status.refusedAt !== null) log.info('the rules are as they were before the refused change', {});
        status = { ...status, refusedAt: null, reason: null, diagnostics: folder.diagnostics };
        return;
      }
      compiled = compileFolder(folder, options.plugins);
      before = now;
    } catch (error) {
      if (!(error instanceof Fault) || error.code === 'internal') throw error;
      refuse(error.message, []);
      return;
    }
    const dropped = await options.take(compiled);
    status = {
      ...status,
      loadedAt: clock.now(),
      refusedAt: null,
      reason: null,
      diagnostics: compiled.diagnostics,
      taken: status.taken + 1,
    };
    reloads.add(1, { outcome: 'taken' });
    loadedGauge.set(clock.now() / 1_000);
    log.info('the rules were loaded', {
      ruleset_hash: compiled.ruleset.hash,
      triggers: compiled.ruleset.triggers.length,
      dropped: [...dropped],
    });
  };

  const reload = (): Promise<void> => {
    if (closed) return Promise.resolve();
    if (reading !== null) {
      again = true;
      return reading;
    }
    reading = (async () => {
      do {
        again = false;
        try {
          await readOnce();
        } catch (error) {
          refuse(
            `the rules could not be read: ${error instanceof Error ? error.message : String(error)}`,
            [],
          );
        }
      } while (again);
    })().finally(() => {
      reading = null;
    });
    return reading;
  };

  return {
    get status() {
      return status;
    },
    reload,
    async watch() {
      watching = await watchFolder(options.root, options.settleMs, clock, () => void reload());
      // What changed between the first reading and now.
      await reload();
    },
    async close() {
      closed = true;
      await watching?.close();
      await reading;
    },
  };
}

/** The first diagnostics, as a log line or an event can carry them. */
export function inBrief(diagnostics: readonly Diagnostic[]): JsonObject[] {
  return diagnostics.slice(0, 20).map(({ code, file, line, message }) => ({ code, file, line, message }));
}

/** A text that differs when any document of the folder does. */
function digest(folder: RuleFolder): string {
  const hash = createHash('sha256');
  for (const { file, index, value } of folder.documents) hash.update(JSON.stringify([file, index, value]));
  hash.update(JSON.stringify(folder.source.variables));
  return hash.digest('hex');
}
