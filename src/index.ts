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

// Embedding: an engine within a program, and the event bus around it.
export { createEngine } from './app/create-engine.js';
export { systemClock } from './app/clock.js';
export type { Engine, EngineOptions, PublishReceipt } from './engine/library/engine.js';
export type {
  GivenRules,
  RuleDocument,
  TriggerDefinition,
  WorkflowDefinition,
} from './engine/library/rule-text.js';
export type { ExecutionResult, TriggerRecord, TriggerStats } from './engine/handlers/trigger-records.js';
export { defineExecutor, type ExecutorDefinition } from './engine/library/define-executor.js';
export { RulesInvalid } from './engine/rules-invalid.js';
export { failed, succeeded, type Attempting } from './ports/executor-kind.js';
export {
  createEventBus,
  EventBus,
  type BusStats,
  type EventBusOptions,
  type Published,
  type Publishing,
} from './bus/event-bus.js';
export {
  defineHandler,
  type EventHandler,
  type HandlerDefinition,
  type HandlerResult,
  type HandlerStats,
} from './bus/event-handler.js';
export {
  createWorkflowHandler,
  type WorkflowHandler,
  type WorkflowHandlerOptions,
  type WorkflowStats,
} from './bus/workflow-handler.js';
export { createMemoryStore } from './stores/memory.js';
export type { Clock } from './ports/clock.js';
export type { Log } from './kernel/log.js';
export type { Meter } from './ports/meter.js';
export type { Store } from './ports/store.js';
export type { Daemon } from './engine/daemon.js';
export type { LaunchRecord } from './model/record.js';
