import { describe, expect, test } from 'vitest';
import {
  createDryRunJson,
  createDryRunJsonLines,
  type DryRunWriter,
} from '../../../src/cli/output/dry-run-json.js';
import { createDryRunText, nothingLaunchedHint } from '../../../src/cli/output/dry-run-text.js';
import { reportDiagnostic } from '../../../src/cli/output/json-report.js';
import { createSpill } from '../../../src/cli/output/spill.js';
import { createStyle, plainStyle } from '../../../src/cli/output/style.js';
import { dryRunReport, launch, suppression, warning, why } from '../reports.js';

function collect(create: (write: (text: string) => void) => DryRunWriter): {
  readonly writer: DryRunWriter;
  text(): string;
} {
  let text = '';
  const writer = create((more) => {
    text += more;
  });
  return { writer, text: () => text };
}

const textWriter = (full = false) => collect((write) => createDryRunText(write, { style: plainStyle, full }));

describe('text', () => {
  test('prints launches as they come, then what did not launch, then sums up', () => {
    const { writer, text } = textWriter();
    writer.sink.launch(launch());
    expect(text()).toMatchInlineSnapshot(`
      "2026-01-01T00:00:13Z  burst -> open-incident  event e-5 and 1 earlier one  payload.region="eu"
          input {"region":"eu"}
      "
    `);
    writer.sink.suppression(suppression);
    writer.finish(dryRunReport());
    expect(text().slice(text().indexOf('\n\n') + 2)).toMatchInlineSnapshot(`
      "suppressed (1)
        2026-01-01T00:01:04Z  burst suppressed by cooldown until 2026-01-01T00:30:13Z  event e-9  payload.region="eu"

      near misses
        silent: 12 events failed only payload.region equal "eu" (found "us")  rules/x.yaml:14

      events that no trigger took (1)
        e-3

      trigger  launched  observed  suppressed
      burst           1         0           1

      triggers that never fired (2)
        silent
        off (inactive)

      1 launch from 15 events and 2 triggers
      "
    `);
  });

  test('a launch says what is special about it', () => {
    const { writer, text } = textWriter();
    writer.sink.launch(
      launch({ mode: 'observe', event_id: null, events: [], group: {}, warnings: ['/x is missing'] }),
    );
    expect(text()).toBe(
      '2026-01-01T00:00:13Z  burst -> open-incident (observed only)  by the clock\n' +
        '    input {"region":"eu"}\n' +
        '    warning: /x is missing\n',
    );
  });

  test('an input that does not fit on a line is indented JSON', () => {
    const { writer, text } = textWriter();
    writer.sink.launch(launch({ input: { text: 'x'.repeat(90), n: 1 } }));
    const lines = text().split('\n');
    expect(lines[1]).toBe('    input {');
    expect(JSON.parse(lines.slice(1, -1).join('').replace('input', ''))).toEqual({
      text: 'x'.repeat(90),
      n: 1,
    });
  });

  test('--full shows the envelope, every suppression, and triggers that do not listen', () => {
    const full = textWriter(true);
    const short = textWriter(false);
    const deaf = { ...why, roles: [], reason: 'event_type is "a", wanted in ["b"]' };
    for (const { writer } of [full, short]) {
      writer.sink.launch(launch());
      for (let i = 0; i < 30; i++) writer.sink.suppression(suppression);
      writer.sink.why(deaf);
      writer.finish(dryRunReport());
    }
    expect(full.text()).toContain('"trigger_event"');
    expect(full.text()).toContain(deaf.reason);
    expect(full.text().match(/suppressed by cooldown/g)).toHaveLength(30);
    expect(short.text()).not.toContain('trigger_event');
    expect(short.text()).not.toContain(deaf.reason);
    expect(short.text().match(/suppressed by cooldown/g)).toHaveLength(20);
    expect(short.text()).toContain('suppressed (30)');
    expect(short.text()).toContain('  … and 10 more (--full shows them all)\n');
  });

  test('of long lists the first twenty are shown, and the number of the others', () => {
    const ids = Array.from({ length: 50 }, (_, i) => `e-${i}`);
    const { writer, text } = textWriter();
    writer.finish(dryRunReport({ unaccepted_events: ids, left_out: { unaccepted_events: 1_000 } }));
    expect(text()).toContain('events that no trigger took (1,050)\n  e-0\n');
    expect(text()).toContain('  e-19\n  … and 1,030 more (--format json lists them)\n');
  });

  test('a why tree shows each test with its line', () => {
    const { writer, text } = textWriter();
    writer.sink.why(why);
    expect(text()).toMatchInlineSnapshot(`
      "    burst on event e-2: does not match
            payload.region is "us", wanted equal "eu"
            - all of
              + priority at_least "high"  found "critical"  rules/a.yaml:6
              - payload.region equal "eu"  found "us"  rules/a.yaml:7
              - any of
                - payload.code equal 5  found not there
                - payload.name matches "^a"  found "bob" (case counts)
      "
    `);
  });

  test('on a terminal the summary is a ruled table, with signs', () => {
    const style = createStyle({ colour: false, terminal: true, width: 80 });
    const { writer, text } = collect((write) => createDryRunText(write, { style, full: false }));
    writer.sink.launch(launch());
    writer.sink.why(why);
    writer.finish(dryRunReport());
    expect(text()).toContain('burst → open-incident');
    expect(text()).toContain('✘ payload.region equal "eu"');
    expect(text()).toContain('│ burst   │        1 │');
  });

  test.each([
    [dryRunReport(), null],
    [dryRunReport({ by_trigger: [] }), 'triggerd explain'],
    [dryRunReport({ by_trigger: [], events: 0 }), 'no event'],
    [dryRunReport({ by_trigger: [], triggers: 0 }), 'no trigger'],
  ])('a run without launches says where to look (%#)', (report, hint) => {
    if (hint === null) expect(nothingLaunchedHint(report)).toBeNull();
    else expect(nothingLaunchedHint(report)).toContain(hint);
  });
});

describe('json', () => {
  test.each([
    [0, 0, 0],
    [1, 0, 0],
    [0, 1, 0],
    [2, 3, 4],
  ])('%i launches, %i suppressions and %i whys make one document', (launches, suppressions, whys) => {
    const { writer, text } = collect(createDryRunJson);
    for (let i = 0; i < launches; i++) writer.sink.launch(launch({ launch_id: `l-${i}` }));
    for (let i = 0; i < suppressions; i++) writer.sink.suppression({ ...suppression, event_id: `e-${i}` });
    for (let i = 0; i < whys; i++) writer.sink.why({ ...why, event_id: `e-${i}` });
    const report = dryRunReport({ diagnostics: [warning] });
    writer.finish(report);
    writer.close();
    expect(JSON.parse(text())).toEqual({
      ...report,
      launches: Array.from({ length: launches }, (_, i) => launch({ launch_id: `l-${i}` })),
      suppressed: Array.from({ length: suppressions }, (_, i) => ({ ...suppression, event_id: `e-${i}` })),
      ...(whys === 0
        ? {}
        : { why: Array.from({ length: whys }, (_, i) => ({ ...why, event_id: `e-${i}` })) }),
      diagnostics: [reportDiagnostic(warning)],
    });
  });

  test('nothing is written before the first launch, so a run that cannot begin leaves nothing', () => {
    const { writer, text } = collect(createDryRunJson);
    writer.sink.suppression(suppression);
    writer.fail('no such file');
    expect(text()).toBe('');
  });

  test('a run that fails in the middle leaves a whole document that says so', () => {
    const { writer, text } = collect(createDryRunJson);
    writer.sink.launch(launch());
    writer.fail('a.jsonl:7: not JSON');
    expect(JSON.parse(text())).toEqual({
      schema: 'triggerd/dry-run@1',
      launches: [launch()],
      incomplete: 'a.jsonl:7: not JSON',
    });
  });
});

describe('json lines', () => {
  test('are one object a line, in the order decided, the report last', () => {
    const { writer, text } = collect(createDryRunJsonLines);
    writer.sink.suppression(suppression);
    writer.sink.launch(launch());
    writer.sink.why(why);
    writer.finish(dryRunReport({ diagnostics: [warning] }));
    const lines = text()
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, Record<string, unknown>>);
    expect(lines.slice(0, 3)).toEqual([{ suppression }, { launch: launch() }, { why }]);
    expect(lines[3]?.['report']).toMatchObject({ schema: 'triggerd/dry-run@1', events: 15 });
    expect(lines[3]?.['report']).not.toHaveProperty('launches');
    expect(lines[3]?.['report']?.['diagnostics']).toMatchObject([{ code: 'unused-workflow' }]);
    expect(lines).toHaveLength(4);
  });
});

describe('a spill', () => {
  test.each([0, 10, 1_000, 1_000_000])('keeps everything in order with %i characters of memory', (memory) => {
    const spill = createSpill(memory);
    expect(spill.isEmpty).toBe(true);
    const pieces = Array.from({ length: 20_000 }, (_, i) => `${i} 地🔥;`);
    try {
      for (const piece of pieces) spill.add(piece);
      expect(spill.isEmpty).toBe(false);
      let text = '';
      spill.drain((more) => {
        text += more;
      });
      expect(text).toBe(pieces.join(''));
    } finally {
      spill.close();
    }
  });
});
