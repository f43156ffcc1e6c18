import type {
  BacktestReport,
  CheckReport,
  DryRunReport,
  ExplainReport,
  GraphReport,
  ReportLaunch,
  ReportSuppression,
  TestReport,
  TestResult,
  Why,
} from '../model/report.js';

/** What every command needs to know of the outside. */
export interface RunIo {
  readonly stdin: NodeJS.ReadableStream;
  /** Bytes read so far of all event files, and their total when it is known. */
  onProgress?(done: {
    readonly bytes: number;
    readonly totalBytes: number | null;
    readonly events: number;
  }): void;
}

export interface CheckOptions {
  readonly folder: string;
  /** Sample events for the lints that need them; empty = those lints are left out. */
  readonly events: readonly string[];
  /** Warnings become errors. */
  readonly strict: boolean;
}

export interface DryRunOptions {
  readonly folder: string;
  /** Files, or `-` for standard input. */
  readonly events: readonly string[];
  readonly explain: boolean;
  /** RFC 3339, or a duration after the last event: run the clock on, so that timers fire. */
  readonly until: string | null;
  /** Given: launches, suppressions and whys go here as they are decided, and the report's own lists stay empty. */
  readonly sink?: DryRunSink;
}

export interface DryRunSink {
  launch(launch: ReportLaunch): void;
  suppression(suppression: ReportSuppression): void;
  why(why: Why): void;
}

export interface ExplainOptions {
  readonly folder: string;
  readonly trigger: string;
  readonly events: readonly string[];
}

export interface TestOptions {
  readonly folder: string;
  /** Source of a regular expression (RE2) over test names; null = all. */
  readonly run: string | null;
  readonly onResult?: (result: TestResult) => void;
}

export interface BacktestOptions {
  readonly folder: string;
  readonly events: readonly string[];
  /** The folder to compare with; null = only replay. */
  readonly against: string | null;
  readonly until: string | null;
}

/**
 * Everything the command line does, as typed functions without process-wide effects. Each throws a Fault when it cannot
 * do its work (bad folder, bad events, rules with errors); what is wrong in rule files is in the report's diagnostics.
 */
export interface App {
  check(options: CheckOptions): Promise<CheckReport>;
  dryRun(options: DryRunOptions): Promise<DryRunReport>;
  explain(options: ExplainOptions): Promise<ExplainReport>;
  test(options: TestOptions): Promise<TestReport>;
  backtest(options: BacktestOptions): Promise<BacktestReport>;
  graph(options: { readonly folder: string }): Promise<GraphReport>;
}
