import { formatDuration } from '../../kernel/duration.js';
import type { JsonObject } from '../../kernel/json.js';
import type { Outcome } from '../../model/outcome.js';
import type { LaunchRecord } from '../../model/record.js';
import type { Clock } from '../../ports/clock.js';
import type { Attempting, Execute, ExecutorHost } from '../../ports/executor-kind.js';
import type { Templates } from '../../ports/templates.js';
import type { TraceContexts } from '../trace/trace-contexts.js';
import type { LaunchChange } from './api.js';
import { runAttempt, type AttemptRun } from './attempt.js';
import { begun, cutOff, ended, stillborn } from './changes.js';
import type { Figures } from './figures.js';
import { messageOf, redacting, shortReason } from './outcome-check.js';
import { renderedSettings } from './preparation.js';
import { attemptsMade, retryDelayMs, retryPlan } from './retry-plan.js';
import { isFresh, type Waiting } from './waiting.js';

export interface CarryTools {
  readonly templates: Templates;
  readonly host: ExecutorHost;
  readonly clock: Clock;
  readonly random: () => number;
  readonly figures: Figures;
  readonly traces: TraceContexts;
  executor(name: string): Execute;
  /** Makes the changed launch durable, and takes it as the launch's record. */
  record(waiting: Waiting, changed: LaunchRecord, change: LaunchChange): Promise<void>;
  /** Tells that the executor is at work, so that it can be cut off; false = it is too late to begin. */
  running(waiting: Waiting, run: () => AttemptRun): AttemptRun | null;
}

/** What came of an attempt, durable already. */
export interface Carried {
  /** `nothing`: no attempt was made, or it was cut off. */
  readonly result: 'succeeded' | 'failed' | 'nothing';
  /** Why it failed; '' otherwise. */
  readonly reason: string;
  /** Milliseconds to the next attempt; null = none is planned. */
  readonly retryMs: number | null;
}

export const NOTHING: Carried = { result: 'nothing', reason: '', retryMs: null };

/**
 * Makes one attempt to carry out a launch. That it begins is durable before the executor is called; what came of it, before
 * this resolves. Rejects only when `record` does.
 */
export async function carryOut(waiting: Waiting, tools: CarryTools): Promise<Carried> {
  const { clock, host, figures } = tools;
  const first = isFresh(waiting);
  const record = cutOff(waiting.record, clock.now());

  let settings: JsonObject;
  try {
    const rendered = renderedSettings(record, tools.templates);
    settings = rendered.settings;
    if (first && rendered.warnings.length > 0)
      host.log.warn('Values are missing in the settings of a launch', {
        launch_id: record.launch_id,
        workflow_name: record.workflow_name,
        missing: rendered.warnings,
      });
  } catch (cause) {
    await recordStillborn(
      waiting,
      record,
      `the workflow's settings cannot be rendered: ${messageOf(cause)}`,
      tools,
    );
    return NOTHING;
  }

  const startedAt = clock.now();
  await tools.record(waiting, begun(record, startedAt), 'started');
  if (record.attempts.length === 0) figures.firstStarted(record, startedAt);

  const attempting = attemptingOf(waiting.record, settings, tools.traces);
  const run = tools.running(waiting, () =>
    runAttempt(tools.executor(record.workflow.executor), attempting, host, clock),
  );
  const outcome = run === null ? 'abandoned' : await run.ended;
  return outcome === 'abandoned' ? NOTHING : conclude(waiting, outcome, tools);
}

/** Records a launch as dead that cannot be attempted at all. */
export async function recordStillborn(
  waiting: Waiting,
  record: LaunchRecord,
  reason: string,
  tools: Pick<CarryTools, 'host' | 'clock' | 'figures' | 'record'>,
): Promise<void> {
  const safe = shortReason(reason, redacting(tools.host));
  await tools.record(waiting, stillborn(record, safe, tools.clock.now()), 'dead');
  tools.figures.finished(waiting.record);
  logDead(waiting.record, safe, tools.host);
}

/** Records what came of the attempt under way. */
async function conclude(waiting: Waiting, outcome: Outcome, tools: CarryTools): Promise<Carried> {
  const { clock, figures, host } = tools;
  const now = clock.now();
  const retryMs = retryAfter(waiting.record, outcome, tools.random);
  const changed = ended(waiting.record, outcome, now, retryMs === null ? null : now + retryMs);
  await tools.record(waiting, changed, outcome.ok ? 'succeeded' : retryMs === null ? 'dead' : 'retrying');
  figures.attempted(changed, outcome.ok ? 'succeeded' : 'failed');
  if (retryMs === null) figures.finished(changed);
  if (outcome.ok) return { result: 'succeeded', reason: '', retryMs };
  if (retryMs === null) logDead(changed, outcome.reason, host);
  else
    host.log.info('A launch failed and will be tried again', {
      launch_id: changed.launch_id,
      workflow_name: changed.workflow_name,
      attempt: changed.attempts.length,
      reason: outcome.reason,
      wait: formatDuration(retryMs),
    });
  return { result: 'failed', reason: outcome.reason, retryMs };
}

/** Milliseconds to the next attempt; null when there is none. */
function retryAfter(record: LaunchRecord, outcome: Outcome, random: () => number): number | null {
  if (outcome.ok || outcome.retry === 'never') return null;
  const plan = retryPlan(record);
  const made = attemptsMade(record);
  return made >= plan.attempts ? null : retryDelayMs(plan, made, outcome.retryAfterMs, random);
}

function attemptingOf(record: LaunchRecord, settings: JsonObject, traces: TraceContexts): Attempting {
  return {
    launch_id: record.launch_id,
    trigger_id: record.trigger_id,
    workflow_name: record.workflow_name,
    at: record.at,
    event_id: record.event_id,
    group: record.group,
    input: record.input,
    correlation_id: record.correlation_id,
    attempt: record.attempts.length,
    settings,
    written: record.workflow.with,
    trace: traces.ofAttempt(record, record.attempts.length),
    timeoutMs: record.workflow.timeoutMs,
  };
}

function logDead(record: LaunchRecord, reason: string, { log }: ExecutorHost): void {
  log.error('A launch is given up on', {
    launch_id: record.launch_id,
    workflow_name: record.workflow_name,
    trigger_id: record.trigger_id,
    attempts: record.attempts.length,
    reason,
  });
}
