import { isObject, ownValue } from '../../kernel/json.js';
import { loadText } from '../../load/folder.js';
import type { Diagnostic } from '../../model/diagnostic.js';
import type { LiveDaemon } from '../live/live-daemon.js';
import type { Plugins } from '../plugins.js';
import { readRuleFolder, RulesInvalid } from '../rule-folder.js';
import { loadShelf, type RuleShelf, type RuleText } from './rule-shelf.js';
import { firstProblem, ruleText, type TriggerDefinition } from './rule-text.js';

/** What triggers are registered in. */
export interface TriggerWorld {
  readonly daemon: LiveDaemon;
  readonly plugins: Plugins;
  /** What messages call the rules as a whole. */
  readonly root: string;
  /** What the daemon's next reading of the rules gives. */
  shelf: RuleShelf;
}

/** Puts triggers to work and takes them out again, one change after the other: each as a whole or not at all. */
export interface TriggerManager {
  register(definitions: readonly TriggerDefinition[]): Promise<readonly Diagnostic[]>;
  unregister(triggerId: string): Promise<boolean>;
  reload(): Promise<void>;
  /** Resolves when no change is under way. */
  idle(): Promise<void>;
}

export function createTriggerManager(world: TriggerWorld): TriggerManager {
  const { daemon, plugins, root } = world;
  let last: Promise<unknown> = Promise.resolve();

  const inTurn = <T>(change: () => Promise<T>): Promise<T> => {
    const done = last.then(change);
    last = done.catch(() => undefined);
    return done;
  };

  /** Errors that a shelf would have, asked before the daemon reads it: what it refuses, it makes a noise about. */
  const validated = async (shelf: RuleShelf, subject: string): Promise<readonly Diagnostic[]> => {
    const folder = await readRuleFolder(root, { ...plugins, loadFolder: () => loadShelf(shelf) });
    const { triggers, workflows } = folder.source;
    const unlaunchable = triggers.length > 0 && workflows.length === 0;
    const diagnostics = folder.diagnostics.map((one) =>
      unlaunchable && one.code === 'no-workflows' ? { ...one, severity: 'error' as const } : one,
    );
    if (diagnostics.some(({ severity }) => severity === 'error')) throw invalid(subject, diagnostics);
    return diagnostics;
  };

  /** Puts a shelf to work, or leaves everything as it was. */
  const put = async (next: RuleShelf, subject: string): Promise<readonly Diagnostic[]> => {
    const diagnostics = await validated(next, subject);
    const before = world.shelf;
    world.shelf = next;
    await daemon.reload();
    const { refused_at, diagnostics: refused } = daemon.readiness();
    if (refused_at === null) return diagnostics;
    // The folder was made worse in between.
    world.shelf = before;
    await daemon.reload();
    throw invalid(subject, refused);
  };

  return {
    register: (definitions) =>
      inTurn(async () => {
        const texts = definitions.map((definition) => registrationOf(ruleText(definition)));
        const { shelf } = world;
        const [first, ...others] = texts;
        if (first === undefined) return [];
        const subject = others.length === 0 ? first.file : `a list of ${texts.length} triggers`;
        const diagnostics = await put({ ...shelf, registered: [...shelf.registered, ...texts] }, subject);
        const files = new Set(texts.map(({ file }) => file));
        return diagnostics.filter(({ file }) => files.has(file));
      }),
    unregister: (triggerId) =>
      inTurn(async () => {
        if (daemon.trigger(triggerId, 0) === null) return false;
        const { shelf } = world;
        const registered = shelf.registered.filter(({ file }) => file !== fileOf(triggerId));
        const withdrawn =
          registered.length < shelf.registered.length
            ? shelf.withdrawn
            : new Set([...shelf.withdrawn, triggerId]);
        await put({ ...shelf, registered, withdrawn }, root);
        return true;
      }),
    reload: () =>
      inTurn(async () => {
        await daemon.reload();
        const { refused_at, diagnostics } = daemon.readiness();
        if (refused_at !== null) throw invalid(root, diagnostics);
      }),
    idle: async () => {
      await last;
    },
  };
}

const fileOf = (triggerId: string): string => `trigger ${triggerId}`;

/** A definition as a file that is named after its trigger. Throws RulesInvalid for a text that is not one trigger. */
function registrationOf(text: string): RuleText {
  const file = 'trigger';
  const { documents, diagnostics } = loadText(file, text);
  if (diagnostics.some(({ severity }) => severity === 'error')) throw invalid(file, diagnostics);
  const [first] = documents;
  const id = isObject(first?.value) ? ownValue(first.value, 'trigger_id') : undefined;
  if (typeof id === 'string' && documents.length === 1) return { file: fileOf(id), text };
  throw invalid(file, [
    {
      code: 'document-kind',
      severity: 'error',
      message: 'one trigger is expected, with its trigger_id',
      hint: 'register triggers one by one, each without triggers: above it; workflows belong into rules',
      file,
      line: first === undefined ? 0 : 1,
      column: first === undefined ? 0 : 1,
      length: 1,
      pointer: '',
      sourceLine: first?.sourceLine(1) ?? null,
    },
  ]);
}

function invalid(subject: string, diagnostics: readonly Diagnostic[]): RulesInvalid {
  return new RulesInvalid(subject, diagnostics, firstProblem(diagnostics));
}
