import type { Workflow } from '../model/trigger.js';
import { readDuration } from './duration-setting.js';
import type { FolderContext } from './folder-context.js';
import type { RawWorkflow } from './raw-rules.js';
import type { Reporter } from './reporter.js';
import { parseTemplates } from './template-check.js';

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_RETRY = { attempts: 4, initialMs: 1_000, factor: 2, maxMs: 300_000, jitter: true } as const;

/** A workflow as it stands in a document, without what the schema refused. */
export interface WorkflowEntry {
  readonly name: string;
  readonly raw: RawWorkflow;
  readonly pointer: string;
  readonly reporter: Reporter;
}

/** Normalises a workflow; every default is here. Secrets stay references. */
export function readWorkflow(
  { name, raw, pointer, reporter }: WorkflowEntry,
  folder: FolderContext,
): Workflow {
  const settings = raw.with ?? {};
  parseTemplates(settings, 'workflow', `${pointer}/with`, folder.templates, reporter);
  const eventType = settings['event_type'];
  if (raw.executor === 'emit' && typeof eventType === 'string' && !eventType.includes('{{'))
    folder.eventTypes.check(eventType, `${pointer}/with/event_type`, reporter, false);
  return {
    workflow_name: name,
    description: raw.description ?? '',
    executor: raw.executor ?? '',
    with: settings,
    timeoutMs:
      raw.timeout === undefined
        ? DEFAULT_TIMEOUT_MS
        : readDuration(raw.timeout, `${pointer}/timeout`, reporter),
    retry: readRetry(raw.retry ?? null, `${pointer}/retry`, reporter),
    concurrency: readConcurrency(raw.concurrency ?? null, `${pointer}/concurrency`, folder, reporter),
    origin: { file: reporter.document.file, document: reporter.document.index, pointer },
  };
}

/** null leaves it to the event's max_retries. */
function readRetry(
  retry: NonNullable<RawWorkflow['retry']> | null,
  pointer: string,
  reporter: Reporter,
): Workflow['retry'] {
  if (retry === null) return null;
  const initialMs =
    retry.initial === undefined
      ? DEFAULT_RETRY.initialMs
      : readDuration(retry.initial, `${pointer}/initial`, reporter);
  const maxMs =
    retry.max === undefined
      ? Math.max(DEFAULT_RETRY.maxMs, initialMs)
      : readDuration(retry.max, `${pointer}/max`, reporter);
  if (maxMs < initialMs) {
    reporter.error(
      'wrong-value',
      `${pointer}/max`,
      'max is shorter than initial: no wait could be both',
      'make max at least as long as initial',
    );
  }
  return {
    attempts: retry.attempts ?? DEFAULT_RETRY.attempts,
    initialMs,
    factor: retry.factor ?? DEFAULT_RETRY.factor,
    maxMs,
    jitter: retry.jitter ?? DEFAULT_RETRY.jitter,
  };
}

function readConcurrency(
  concurrency: NonNullable<RawWorkflow['concurrency']> | null,
  pointer: string,
  folder: FolderContext,
  reporter: Reporter,
): Workflow['concurrency'] {
  if (concurrency === null) return null;
  const { limit, key, when_full } = concurrency;
  if (key !== undefined) parseTemplates({ key }, 'workflow', pointer, folder.templates, reporter);
  return { limit, key: key ?? null, when_full: when_full ?? 'queue' };
}
