import { isObject, type Json, type JsonObject } from '../kernel/json.js';
import { parseDuration } from '../kernel/duration.js';
import { suggest } from '../kernel/suggest.js';
import { parseTime } from '../kernel/time.js';
import type { ExpectedLaunch, ExpectedSuppression, RuleTest, RuleTestEvent } from '../model/trigger.js';
import { readDuration } from './duration-setting.js';
import type { FolderContext } from './folder-context.js';
import { escapeKey } from '../kernel/pointer.js';
import type { RawRuleTest } from './raw-rules.js';
import type { Reporter } from './reporter.js';

/** Where a test's clock starts unless it says otherwise: 2000-01-01T00:00:00Z. */
const DEFAULT_START_MS = Date.UTC(2000, 0, 1);

/** A rule test as it stands in a document, without what the schema refused. */
export interface RuleTestEntry {
  readonly raw: RawRuleTest;
  readonly pointer: string;
  readonly reporter: Reporter;
}

/** Names that rule tests may speak of. */
export interface TestNames {
  /** Every workflow that is defined or launched. */
  readonly workflows: ReadonlySet<string>;
}

/** Normalises a rule test. Its events stay as written: they are read when it runs. */
export function readRuleTest(entry: RuleTestEntry, folder: FolderContext, names: TestNames): RuleTest {
  const { raw, pointer, reporter } = entry;
  const triggers = raw.triggers ?? null;
  triggers?.forEach((id, index) => {
    checkTrigger(id, `${pointer}/triggers/${index}`, folder, reporter);
  });
  const variables = raw.variables ?? {};
  for (const name of Object.keys(variables)) {
    if (folder.variables.lookup(name) !== undefined) continue;
    const near = suggest(name, folder.variables.names);
    reporter.error(
      'unknown-variable',
      `${pointer}/variables/${escapeKey(name)}`,
      `there is no variable ${JSON.stringify(name)}`,
      near === undefined ? 'define it under variables:' : `did you mean ${near}?`,
      'key',
    );
  }
  const events = (raw.events ?? []).map((event, index) =>
    readTestEvent(event, `${pointer}/events/${index}`, folder, reporter),
  );
  const expect = (raw.expect ?? []).map((launch, index): ExpectedLaunch => {
    const at = `${pointer}/expect/${index}`;
    checkExpectedTrigger(launch.trigger_id, triggers, `${at}/trigger_id`, folder, reporter);
    checkWorkflow(launch.workflow_name, `${at}/workflow_name`, names, reporter);
    return {
      atMs: launch.at === undefined ? null : readDuration(launch.at, `${at}/at`, reporter, 0),
      trigger_id: launch.trigger_id ?? null,
      workflow_name: launch.workflow_name ?? null,
      mode: launch.mode ?? null,
      group: launch.group ?? null,
      input: launch.input ?? null,
      pointer: at,
    };
  });
  const suppressed =
    raw.suppressed?.map((one, index): ExpectedSuppression => {
      const at = `${pointer}/suppressed/${index}`;
      checkExpectedTrigger(one.trigger_id, triggers, `${at}/trigger_id`, folder, reporter);
      return {
        atMs: one.at === undefined ? null : readDuration(one.at, `${at}/at`, reporter, 0),
        trigger_id: one.trigger_id ?? null,
        gate: one.gate ?? null,
        pointer: at,
      };
    }) ?? null;
  return {
    name: raw.name ?? '',
    triggers,
    startMs: raw.start === undefined ? DEFAULT_START_MS : readTime(raw.start, `${pointer}/start`, reporter),
    variables,
    events,
    untilMs: readUntil(raw, events, pointer, reporter),
    expect,
    suppressed,
    origin: { file: reporter.document.file, document: reporter.document.index, pointer },
  };
}

function readTestEvent(
  written: NonNullable<RawRuleTest['events']>[number],
  pointer: string,
  folder: FolderContext,
  reporter: Reporter,
): RuleTestEvent {
  const { at, repeat, ...event } = written;
  const { event_type, timestamp } = event as { readonly event_type?: Json; readonly timestamp?: Json };
  if (typeof event_type === 'string')
    folder.eventTypes.check(event_type, `${pointer}/event_type`, reporter, false);
  if (typeof timestamp === 'string') readTime(timestamp, `${pointer}/timestamp`, reporter);
  if (repeat !== undefined && Object.hasOwn(event, 'event_id') && repeat.times > 1) {
    reporter.error(
      'wrong-value',
      `${pointer}/event_id`,
      'repeated events cannot share one event_id: all but the first would be dropped',
      'leave event_id out, or write the events one by one',
      'key',
    );
  }
  return {
    atMs: at === undefined ? 0 : readDuration(at, `${pointer}/at`, reporter, 0),
    repeat: isObject(repeat)
      ? { times: repeat.times, everyMs: readDuration(repeat.every, `${pointer}/repeat/every`, reporter, 0) }
      : null,
    event: event as JsonObject,
    pointer,
  };
}

/** The clock does not run back: an end before the last event would leave that event out. */
function readUntil(
  raw: RawRuleTest,
  events: readonly RuleTestEvent[],
  pointer: string,
  reporter: Reporter,
): number | null {
  if (raw.until === undefined) return null;
  const at = `${pointer}/until`;
  const untilMs = readDuration(raw.until, at, reporter, 0);
  const lastMs = Math.max(
    0,
    ...events.map(({ atMs, repeat }) => atMs + (repeat === null ? 0 : (repeat.times - 1) * repeat.everyMs)),
  );
  if (parseDuration(raw.until) !== undefined && untilMs < lastMs)
    reporter.error('wrong-value', at, 'until is before the last event', 'let the clock run on past it');
  return untilMs;
}

function readTime(text: string, pointer: string, reporter: Reporter): number {
  const time = parseTime(text);
  if (time === undefined) {
    reporter.error(
      'wrong-value',
      pointer,
      `there is no time ${JSON.stringify(text)}`,
      'a time is RFC 3339 with a zone: 2026-01-31T12:00:00Z',
    );
  }
  return time ?? DEFAULT_START_MS;
}

function checkTrigger(id: string, pointer: string, folder: FolderContext, reporter: Reporter): boolean {
  if (folder.triggers.has(id)) return true;
  const near = suggest(id, folder.triggers.keys());
  reporter.error(
    'unknown-trigger',
    pointer,
    `there is no trigger ${JSON.stringify(id)}`,
    near === undefined ? 'name a trigger_id of this rule folder' : `did you mean ${near}?`,
  );
  return false;
}

function checkExpectedTrigger(
  id: string | undefined,
  triggers: readonly string[] | null,
  pointer: string,
  folder: FolderContext,
  reporter: Reporter,
): void {
  if (id === undefined || !checkTrigger(id, pointer, folder, reporter)) return;
  if (triggers === null || triggers.includes(id)) return;
  reporter.error(
    'wrong-value',
    pointer,
    `this rule test is about ${triggers.join(', ')}, so ${id} is never seen here`,
    'add it to the triggers of the test',
  );
}

function checkWorkflow(
  name: string | undefined,
  pointer: string,
  { workflows }: TestNames,
  reporter: Reporter,
): void {
  if (name === undefined || workflows.has(name)) return;
  const near = suggest(name, workflows);
  reporter.error(
    'unknown-workflow',
    pointer,
    `no trigger launches a workflow ${JSON.stringify(name)}`,
    near === undefined ? 'name a workflow that a trigger launches' : `did you mean ${near}?`,
  );
}
