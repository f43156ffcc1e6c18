/**
 * The library: everything the command line does, as typed functions without process-wide effects.
 *
 * ```ts
 * import { createApp } from 'triggerd';
 * const app = createApp({ stdin: process.stdin });
 * const report = await app.dryRun({ folder: 'rules', events: ['events.jsonl'], explain: false, until: null });
 * ```
 */
export { createApp } from './app/compose.js';
export type {
  App,
  BacktestOptions,
  CheckOptions,
  DryRunOptions,
  DryRunSink,
  ExplainOptions,
  RunIo,
  TestOptions,
} from './engine/api.js';
export type {
  BacktestReport,
  CheckReport,
  CoverageReport,
  DryRunReport,
  ExplainReport,
  GraphReport,
  NearMiss,
  ReportLaunch,
  ReportSuppression,
  TestReport,
  TestResult,
  Why,
  WhyNode,
} from './model/report.js';
export type { Event, Priority } from './model/event.js';
export { CORE_EVENT_TYPES, EVENT_FIELDS, PRIORITIES } from './model/event.js';
export type { Diagnostic } from './model/diagnostic.js';
export { Fault, FAULT_EXIT, type FaultCode } from './kernel/fault.js';
export { DIAGNOSTIC_CODES, type DiagnosticCode } from './kernel/codes.js';
export type {
  BuildContext,
  BuiltCondition,
  ConditionKind,
  Reducer,
  StepContext,
} from './ports/condition-kind.js';
export type { ExecutorKind } from './ports/executor-kind.js';
export type { RuleFileDocument } from './model/rule-file.generated.js';
export { uuidV7 } from './kernel/ids.js';
export { readEvent } from './load/event.js';
export { fromCloudEvent, isCloudEvent, toCloudEvent } from './load/cloud-event.js';
