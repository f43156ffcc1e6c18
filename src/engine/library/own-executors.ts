import { messageOf } from '../../bus/message-of.js';
import { Fault } from '../../kernel/fault.js';
import { loadText } from '../../load/folder.js';
import type { ExecutorKind } from '../../ports/executor-kind.js';
import { validateFolder } from '../../validate/folder.js';
import type { Plugins } from '../plugins.js';

/** Executors, and what they become with one more. */
interface Extended {
  readonly executors: readonly ExecutorKind[];
  readonly with: WeakMap<ExecutorKind, Extended>;
}

/**
 * Lists that were made already: validators belong to a list, and compiling one costs more than everything else about a small
 * engine. Engines with the same executors share it.
 */
const lists = new WeakMap<readonly ExecutorKind[], Extended>();

/** The plug-ins with executors of a program's own. Throws a Fault `usage` for a name that is taken, or a schema that is none. */
export function withExecutors(plugins: Plugins, own: readonly ExecutorKind[]): Plugins {
  if (own.length === 0) return plugins;
  let list = lists.get(plugins.executors);
  if (list === undefined)
    lists.set(plugins.executors, (list = { executors: plugins.executors, with: new WeakMap() }));
  for (const kind of own) {
    const known: Extended = list;
    list = known.with.get(kind);
    if (list !== undefined) continue;
    list = { executors: extended(known.executors, kind), with: new WeakMap() };
    known.with.set(kind, list);
  }
  const together = { ...plugins, executors: list.executors };
  try {
    probe(together, own);
  } catch (cause) {
    throw unusable(plugins, own, cause);
  }
  return together;
}

function extended(executors: readonly ExecutorKind[], kind: ExecutorKind): readonly ExecutorKind[] {
  const { name } = kind;
  if (executors.some((other) => other.name === name))
    throw new Fault('usage', `there is an executor ${name} already`, { hint: 'give yours another name' });
  return [...executors, kind];
}

/** A schema is compiled when a document first needs it: this one needs them all. */
function probe(plugins: Plugins, own: readonly ExecutorKind[]): void {
  const workflows = Object.fromEntries(own.map(({ name }) => [name, { executor: name, with: {} }]));
  validateFolder(loadText('probe', JSON.stringify({ workflows })).documents, plugins);
}

/** Each schema alone tells whose it was. */
function unusable(plugins: Plugins, own: readonly ExecutorKind[], cause: unknown): Fault {
  const culprit = own.find((kind) => {
    try {
      probe({ ...plugins, executors: [kind] }, [kind]);
      return false;
    } catch {
      return true;
    }
  });
  const whose =
    culprit === undefined ? 'the schemas of the executors' : `the schema of the executor ${culprit.name}`;
  return new Fault('usage', `${whose} cannot be used: ${messageOf(cause)}`, {
    hint: 'give a JSON Schema of what stands under with:',
    cause,
  });
}
