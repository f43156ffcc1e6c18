import type { DryRunSink } from '../../engine/api.js';
import type { DryRunReport } from '../../model/report.js';
import { jsonMember, reportDiagnostic } from './json-report.js';
import { createSpill, type Spill } from './spill.js';

/** A dry run written while it goes on. `finish` or `fail` ends the output, `close` lets go of what was held. */
export interface DryRunWriter {
  readonly sink: DryRunSink;
  finish(report: DryRunReport): void;
  /** Ends what was begun, after a fault in the middle. */
  fail(message: string): void;
  close(): void;
}

/**
 * One JSON document whose memory does not grow with the run: launches are written as they are decided; suppressions and
 * whys, which come in between, wait in a spill. Nothing is written before the first launch, so that a run that cannot
 * begin leaves no half document.
 */
export function createDryRunJson(write: (text: string) => void): DryRunWriter {
  const suppressed = createSpill();
  const whys = createSpill();
  let launches = 0;
  const begin = (): void => write('{\n  "schema": "triggerd/dry-run@1",\n  "launches": [');
  const drain = (key: string, spill: Spill): void => {
    write(`,\n  ${JSON.stringify(key)}: [`);
    spill.drain(write);
    write(spill.isEmpty ? ']' : '\n  ]');
  };
  return {
    sink: {
      launch(launch) {
        if (launches++ === 0) begin();
        write(`${launches === 1 ? '' : ','}\n    ${JSON.stringify(launch)}`);
      },
      suppression(suppression) {
        suppressed.add(`${suppressed.isEmpty ? '' : ','}\n    ${JSON.stringify(suppression)}`);
      },
      why(why) {
        whys.add(`${whys.isEmpty ? '' : ','}\n    ${JSON.stringify(why)}`);
      },
    },
    finish(report) {
      if (launches === 0) begin();
      write(launches === 0 ? ']' : '\n  ]');
      drain('suppressed', suppressed);
      if (!whys.isEmpty) drain('why', whys);
      for (const [key, value] of Object.entries(restOf(report)))
        if (key !== 'schema') write(`,\n${jsonMember(key, value)}`);
      write('\n}\n');
    },
    fail(message) {
      if (launches > 0) write(`\n  ],\n  "incomplete": ${JSON.stringify(message)}\n}\n`);
    },
    close() {
      suppressed.close();
      whys.close();
    },
  };
}

/** What is left of a report once the lists have been written as they came. */
function restOf(report: DryRunReport): Readonly<Record<string, unknown>> {
  const rest: Record<string, unknown> = { ...report, diagnostics: report.diagnostics.map(reportDiagnostic) };
  for (const written of ['launches', 'suppressed', 'why']) delete rest[written];
  return rest;
}

/** JSON Lines, each `{kind: value}`: `launch`, `suppression`, `why` in the order decided, `report` last. */
export function createDryRunJsonLines(write: (text: string) => void): DryRunWriter {
  const line = (kind: string, value: unknown): void => write(`${JSON.stringify({ [kind]: value })}\n`);
  return {
    sink: {
      launch: (launch) => line('launch', launch),
      suppression: (suppression) => line('suppression', suppression),
      why: (why) => line('why', why),
    },
    finish: (report) => line('report', restOf(report)),
    fail: (message) => line('incomplete', message),
    close() {},
  };
}
