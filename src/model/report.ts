import type { Json, JsonObject } from '../kernel/json.js';
import type { Diagnostic } from './diagnostic.js';

/**
 * What the commands print with `--format json`. Keys may be added, never renamed; times are RFC 3339 UTC. Each has a
 * JSON Schema in schemas/.
 */
export interface ReportDiagnostic {
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly hint: string | null;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly pointer: string;
}

export interface CheckReport {
  readonly schema: 'triggerd/check@1';
  readonly files: number;
  readonly triggers: number;
  readonly workflows: number;
  readonly tests: number;
  readonly diagnostics: readonly Diagnostic[];
}

export interface ReportLaunch {
  readonly launch_id: string;
  readonly trigger_id: string;
  readonly workflow_name: string;
  readonly mode: 'launch' | 'observe';
  readonly at: string;
  readonly event_id: string | null;
  readonly events: readonly string[];
  readonly group: JsonObject;
  readonly input: JsonObject;
  readonly item_index: number | null;
  readonly warnings: readonly string[];
}

export interface ReportSuppression {
  readonly trigger_id: string;
  readonly event_id: string | null;
  readonly at: string;
  readonly gate: string;
  readonly until: string | null;
  readonly group: JsonObject;
}

/** Where a test of a rule file stands. */
export interface SourcePlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

/** A why tree for a person: like a match trace, with the place in the YAML. */
export interface WhyNode {
  readonly kind: 'all' | 'any' | 'not' | 'field';
  readonly holds: boolean;
  readonly path?: string;
  readonly operator?: string;
  readonly found?: Json;
  /** True when the field was not there (then `found` is left out). */
  readonly missing?: boolean;
  readonly wanted?: Json;
  readonly note?: string;
  readonly place: SourcePlace | null;
  readonly tests?: readonly WhyNode[];
}

/** Verdict of one trigger on one event. */
export interface Why {
  readonly trigger_id: string;
  readonly event_id: string | null;
  readonly outcome: 'launched' | 'observed' | 'suppressed' | 'remembered' | 'not_matched' | 'inactive';
  /** One sentence: the first test that failed, or the gate, or what launched. */
  readonly reason: string;
  /** The deciding test, when one decided. */
  readonly deciding: WhyNode | null;
  /** Which types the trigger listens to, when the event's is not among them. */
  readonly event_types: readonly string[];
  readonly roles: readonly { readonly role: string; readonly tree: WhyNode }[];
  /** Where a stateful condition stands, in a sentence; null for a stateless one. */
  readonly state: string | null;
  /** Index of the for_each element considered, or null. */
  readonly item: number | null;
}

export interface NearMiss {
  readonly trigger_id: string;
  /** Events that failed exactly one of the trigger's tests, this one. */
  readonly count: number;
  /** The test, as `path operator wanted`, and its place. */
  readonly test: string;
  readonly place: SourcePlace | null;
  /** The value found most recently. */
  readonly found: string;
}

export interface DryRunReport {
  readonly schema: 'triggerd/dry-run@1';
  readonly events: number;
  readonly triggers: number;
  readonly launches: readonly ReportLaunch[];
  readonly suppressed: readonly ReportSuppression[];
  readonly unaccepted_events: readonly string[];
  readonly never_fired: readonly string[];
  readonly near_misses: readonly NearMiss[];
  readonly by_trigger: readonly TriggerSummary[];
  /** Events dropped because their id had been seen within the dedupe horizon. */
  readonly duplicate_events: number;
  readonly diagnostics: readonly Diagnostic[];
  /** With --explain only. */
  readonly why?: readonly Why[];
  /** What of long lists was left out, because the report is bounded in memory: counts by list name. */
  readonly left_out: Readonly<Record<string, number>>;
}

export interface TriggerSummary {
  readonly trigger_id: string;
  /** As its rule says. */
  readonly active: boolean;
  readonly launched: number;
  readonly observed: number;
  readonly suppressed: number;
}

export interface ExplainReport {
  readonly schema: 'triggerd/explain@1';
  readonly trigger_id: string;
  readonly why: readonly Why[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface GraphReport {
  readonly schema: 'triggerd/graph@1';
  readonly nodes: readonly {
    readonly id: string;
    readonly kind: 'event_type' | 'trigger' | 'workflow';
    readonly label: string;
  }[];
  readonly edges: readonly { readonly from: string; readonly to: string }[];
}

export interface TestReport {
  readonly schema: 'triggerd/test@1';
  readonly passed: number;
  readonly failed: number;
  readonly tests: readonly TestResult[];
  readonly coverage: CoverageReport;
  readonly diagnostics: readonly Diagnostic[];
}

export interface TestResult {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly status: 'passed' | 'failed';
  /** Expected, not decided. */
  readonly missing: readonly TestDifference[];
  /** Decided, not expected. */
  readonly unexpected: readonly TestDifference[];
  /** Both, but not equal: at, workflow_name or input differ. */
  readonly different: readonly TestDifference[];
  /** Why the test could not be run, or null. */
  readonly problem: string | null;
}

export interface TestDifference {
  readonly list: 'launches' | 'suppressed';
  readonly expected: JsonObject | null;
  readonly actual: JsonObject | null;
  readonly line: number;
}

export interface CoverageReport {
  /** Percent of triggers that launched (or observed) in a test, 0–100. */
  readonly triggers: number;
  /** Percent of condition branches seen both true and false, 0–100. */
  readonly branches: number;
  readonly uncovered: readonly {
    readonly trigger_id: string;
    readonly what: string;
    readonly place: SourcePlace | null;
  }[];
}

export interface BacktestReport {
  readonly schema: 'triggerd/backtest@1';
  readonly events: number;
  readonly launches: readonly ReportLaunch[];
  readonly added: readonly ReportLaunch[];
  readonly removed: readonly ReportLaunch[];
  readonly changed: readonly { readonly before: ReportLaunch; readonly after: ReportLaunch }[];
  readonly diagnostics: readonly Diagnostic[];
}
