import { describe, expect, test } from 'vitest';
import { backtestText } from '../../../src/cli/output/backtest-text.js';
import { graphDot } from '../../../src/cli/output/graph-dot.js';
import { graphMermaid } from '../../../src/cli/output/graph-mermaid.js';
import { plainStyle } from '../../../src/cli/output/style.js';
import type { GraphReport } from '../../../src/model/report.js';
import { backtestReport, launch } from '../reports.js';

describe('backtest', () => {
  test('without another folder it counts by trigger', () => {
    expect(backtestText(backtestReport(), plainStyle, { against: null, full: false })).toMatchInlineSnapshot(`
      "trigger  launches
      burst           1

      1 launch from 1,200 events
      "
    `);
  });

  test('against another folder it shows what differs, by trigger and with the events', () => {
    const report = backtestReport({
      added: [launch({ trigger_id: 'new' })],
      removed: [launch({ trigger_id: 'gone', event_id: 'e-7', events: ['e-7'] })],
      changed: [{ before: launch(), after: launch({ input: { region: 'us' } }) }],
    });
    expect(backtestText(report, plainStyle, { against: 'old', full: false })).toMatchInlineSnapshot(`
      "added (1)
        2026-01-01T00:00:13Z  new -> open-incident  event e-5 and 1 earlier one  payload.region="eu"
            input {"region":"eu"}

      removed (1)
        2026-01-01T00:00:13Z  gone -> open-incident  event e-7  payload.region="eu"
            input {"region":"eu"}

      changed (1)
        2026-01-01T00:00:13Z  burst -> open-incident  event e-5 and 1 earlier one  payload.region="eu"
          ! region
              before "eu"
              after  "us"

      trigger  launches  added  removed  changed
      burst           1      0        0        1
      new             0      1        0        0
      gone            0      0        1        0

      1 launch from 1,200 events; against old: 1 added, 1 removed, 1 changed
      "
    `);
  });

  test('no difference is called so', () => {
    expect(backtestText(backtestReport(), plainStyle, { against: 'old', full: false })).toContain(
      'against old: no difference\n',
    );
  });

  test('long lists are cut unless --full', () => {
    const report = backtestReport({ added: Array.from({ length: 25 }, () => launch()) });
    const heads = (full: boolean): number =>
      backtestText(report, plainStyle, { against: 'old', full }).match(/-> open-incident/g)?.length ?? 0;
    expect([heads(false), heads(true)]).toEqual([20, 25]);
  });
});

describe('graph', () => {
  const report: GraphReport = {
    schema: 'triggerd/graph@1',
    nodes: [
      { id: 'event_type:workflow.*', kind: 'event_type', label: 'workflow.*' },
      { id: 'trigger:burst', kind: 'trigger', label: 'burst' },
      { id: 'workflow:a"b', kind: 'workflow', label: 'a"b' },
    ],
    edges: [
      { from: 'event_type:workflow.*', to: 'trigger:burst' },
      { from: 'trigger:burst', to: 'workflow:a"b' },
    ],
  };

  test('as a Mermaid flowchart', () => {
    expect(graphMermaid(report)).toMatchInlineSnapshot(`
      "flowchart LR
        n0(["workflow.*"])
        n1["burst"]
        n2[["a#34;b"]]
        n0 --> n1
        n1 --> n2
      "
    `);
  });

  test('as DOT', () => {
    expect(graphDot(report)).toMatchInlineSnapshot(`
      "digraph rules {
        rankdir=LR;
        "event_type:workflow.*" [label="workflow.*", shape=ellipse];
        "trigger:burst" [label="burst", shape=box];
        "workflow:a\\"b" [label="a\\"b", shape=component];
        "event_type:workflow.*" -> "trigger:burst";
        "trigger:burst" -> "workflow:a\\"b";
      }
      "
    `);
  });
});
