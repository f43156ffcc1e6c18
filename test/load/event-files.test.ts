import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Fault } from '../../src/kernel/fault.ts';
import { readEventFiles, type RawEvent } from '../../src/load/event-files.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'triggerd-events-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function file(ending: string, content: string | Buffer): string {
  const path = join(folder, `${files++}${ending}`);
  writeFileSync(path, content);
  return path;
}

async function all(
  sources: readonly string[],
  stdin: readonly (string | Buffer)[] = [],
): Promise<RawEvent[]> {
  const events: RawEvent[] = [];
  for await (const batch of readEventFiles(sources, { stdin: Readable.from(stdin) })) {
    expect(batch.length).toBeGreaterThan(0);
    events.push(...batch);
  }
  return events;
}

/** `line:value` of every event. */
async function lines(
  sources: readonly string[],
  stdin: readonly (string | Buffer)[] = [],
): Promise<string[]> {
  return (await all(sources, stdin)).map(({ raw, line }) => `${line}:${JSON.stringify(raw)}`);
}

async function fault(sources: readonly string[], stdin: readonly (string | Buffer)[] = []): Promise<Fault> {
  const error: unknown = await all(sources, stdin).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(Fault);
  return error as Fault;
}

describe('sample events', () => {
  it.each<readonly [string, string, string, readonly string[]]>([
    ['JSON Lines', '.jsonl', '{"a":1}\n\n  \n{"a":2}\r\n{"a":3}', ['1:{"a":1}', '4:{"a":2}', '5:{"a":3}']],
    ['JSON Lines with a byte order mark', '.ndjson', '\ufeff{"a":1}\n', ['1:{"a":1}']],
    [
      'JSON Lines of lists',
      '.jsonl',
      '[{"a":1},{"a":2}]\n{"a":3}\n',
      ['1:{"a":1}', '1:{"a":2}', '2:{"a":3}'],
    ],
    ['no lines', '.jsonl', '', []],
    ['one JSON object', '.json', '\n{\n  "a": 1\n}\n', ['2:{"a":1}']],
    [
      'a JSON list',
      '.json',
      '[\n  {"a": [1, 2], "b": "],{"},\n  {"a":\n 2}, 5\n]',
      ['2:{"a":[1,2],"b":"],{"}', '3:{"a":2}', '4:5'],
    ],
    ['a JSON list on one line', '.json', '[{"a":1},{"a":2}]', ['1:{"a":1}', '1:{"a":2}']],
    ['an empty JSON list', '.json', '[ ]', []],
    ['JSON Lines called .json', '.json', '{"a":1}\n{"a":2}\n', ['1:{"a":1}', '2:{"a":2}']],
    ['nothing', '.json', ' \n', []],
    [
      'a YAML event',
      '.yaml',
      '# sample\nevent_type: a\npayload: { b: 1 }\n',
      ['2:{"event_type":"a","payload":{"b":1}}'],
    ],
    [
      'a YAML list',
      '.yml',
      '- a: 1\n  b:\n    - x\n\n- a: 2\n-\n  a: 3\n',
      ['1:{"a":1,"b":["x"]}', '5:{"a":2}', '6:{"a":3}'],
    ],
    [
      'an indented YAML list',
      '.yml',
      '# x\n  - a: 1\n  - a: |\n      - b\n',
      ['2:{"a":1}', '3:{"a":"- b\\n"}'],
    ],
    ['a YAML list in brackets', '.yaml', '[{a: 1},\n {a: 2}]', ['1:{"a":1}', '2:{"a":2}']],
    [
      'YAML documents',
      '.yaml',
      '---\na: 1\n---\n# two\n- a: 2\n- a: 3\n---\n',
      ['2:{"a":1}', '5:{"a":2}', '6:{"a":3}'],
    ],
    ['YAML with an anchor', '.yaml', '- &x {a: 1}\n- *x\n', ['1:{"a":1}', '2:{"a":1}']],
  ])('may be %s', async (_name, ending, content, expected) => {
    expect(await lines([file(ending, content)])).toEqual(expected);
  });

  it.each<readonly [string, readonly (string | Buffer)[], readonly string[]]>([
    ['JSON Lines', ['{"a":1}\n{"a"', ':2}\n', '\n{"a":3}'], ['1:{"a":1}', '2:{"a":2}', '4:{"a":3}']],
    [
      'a character cut in two',
      [Buffer.from('{"a":"é"}\n').subarray(0, 7), Buffer.from('{"a":"é"}\n').subarray(7)],
      ['1:{"a":"é"}'],
    ],
    ['one object over several lines', ['{\n "a"', ': 1\n}\n'], ['1:{"a":1}']],
    ['a list over several lines', ['[\n {"a":1},\n', ' {"a":2}\n]'], ['2:{"a":1}', '3:{"a":2}']],
    ['a line without an end', ['{"a":1}'], ['1:{"a":1}']],
    ['nothing', [], []],
    ['blank lines first', ['\n', '\n', '{"a":1}\n'], ['3:{"a":1}']],
  ])('may come from standard input: %s', async (_name, chunks, expected) => {
    expect(await lines(['-'], chunks)).toEqual(expected);
  });

  it('are counted over all sources, which keep their names', async () => {
    const first = file('.jsonl', '{"a":1}\n{"a":2}\n');
    const last = file('.yaml', 'a: 4\n');
    expect(await all([first, '-', last], ['{"a":3}\n'])).toEqual([
      { raw: { a: 1 }, file: first, line: 1, ordinal: 1 },
      { raw: { a: 2 }, file: first, line: 2, ordinal: 2 },
      { raw: { a: 3 }, file: '-', line: 1, ordinal: 3 },
      { raw: { a: 4 }, file: last, line: 1, ordinal: 4 },
    ]);
  });

  it('that are CloudEvents are converted, in every format', async () => {
    const text = '{"specversion":"1.0","id":"1","source":"/s","type":"t","data":{"a":1}}';
    const event = { event_id: '1', source: '/s', event_type: 't', payload: { a: 1 } };
    const sources = [file('.jsonl', text), file('.json', `[${text}]`), file('.yaml', text), '-'];
    expect((await all(sources, [text])).map(({ raw }) => raw)).toEqual([event, event, event, event]);
    const bad = await fault([file('.jsonl', '{"a":1}\n{"specversion":"1.0"}\n')]);
    expect(bad.message).toMatch(/\.jsonl:2: a CloudEvent must have id/);
  });

  it('are the same however the bytes arrive', async () => {
    const line = fc.oneof(
      fc
        .jsonValue({ maxDepth: 2 })
        .filter((value) => !Array.isArray(value))
        .map((value) => JSON.stringify(value)),
      fc.constantFrom('', ' ', '\t'),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
        async (rows, sizes) => {
          const bytes = Buffer.from(`{}\n${rows.join('\n')}`);
          const chunks: Buffer[] = [];
          for (let at = 0, next = 0; at < bytes.length; next++) {
            const size = sizes[next % sizes.length] as number;
            chunks.push(bytes.subarray(at, at + size));
            at += size;
          }
          const expected = [
            `1:{}`,
            ...rows.flatMap((row, index) =>
              row.trim() === '' ? [] : [`${index + 2}:${JSON.stringify(JSON.parse(row))}`],
            ),
          ];
          expect(await lines(['-'], chunks)).toEqual(expected);
          expect(await lines([file('.jsonl', bytes)])).toEqual(expected);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('over many chunks keep their lines and their order', async () => {
    const padding = 'é'.repeat(500);
    const rows = Array.from({ length: 3_000 }, (_, n) => JSON.stringify({ n, padding }));
    const read = await all([file('.jsonl', `${rows.join('\n')}\n`)]);
    expect(read.length).toBe(3_000);
    expect(
      read.every(
        ({ raw, line, ordinal }, n) => (raw as { n: number }).n === n && line === n + 1 && ordinal === n + 1,
      ),
    ).toBe(true);
  });

  it('tell how far they are read', async () => {
    const path = file('.jsonl', '{"a":1}\n'.repeat(100_000));
    const progress: [number, number | null][] = [];
    const io = {
      stdin: Readable.from([]),
      onProgress: (done: number, total: number | null) => void progress.push([done, total]),
    };
    for await (const batch of readEventFiles([path], io)) expect(batch.length).toBeGreaterThan(0);
    expect(progress.length).toBeGreaterThan(2);
    expect(progress.at(-1)).toEqual([800_000, 800_000]);
    progress.length = 0;
    for await (const batch of readEventFiles(['-'], { ...io, stdin: Readable.from(['{}\n']) }))
      expect(batch.length).toBe(1);
    expect(progress).toEqual([[3, null]]);
  });

  it.each<readonly [string, string, string | Buffer, RegExp, RegExp]>([
    ['a bad line', '.jsonl', '{"a":1}\n{"a":}\n', /:2: not JSON at column 6/, /./],
    ['a trailing comma', '.jsonl', '{"a":1,}\n', /:1: not JSON at column 8/, /remove the comma/],
    ['single quotes', '.jsonl', "{'a':1}\n", /:1: not JSON at column 2/, /double quotes/],
    ['a line cut short', '.jsonl', '{"a":[1\n', /:1: not JSON at column 8/, /not closed/],
    [
      'a list over several lines called .jsonl',
      '.jsonl',
      '[\n{"a":1}\n]\n',
      /:1: not JSON at column 2/,
      /not closed/,
    ],
    ['a comment', '.json', '{\n  "a": 1 // x\n}', /: not JSON at line 2, column 10/, /no comments/],
    ['a bare word', '.json', '{"a": True}', /line 1, column 7/, /values of JSON/],
    [
      'Latin-1 in a line',
      '.jsonl',
      Buffer.from('{"a":1}\n{"a":"gr\u00fcn"}\n', 'latin1'),
      /:2: this is not valid UTF-8/,
      /UTF-8/,
    ],
    ['Latin-1', '.json', Buffer.from('{"a":"gr\u00fcn"}', 'latin1'), /not valid UTF-8/, /UTF-8/],
    [
      'a line over 1 MiB',
      '.jsonl',
      `{"a":1}\n{"a":"${'x'.repeat(1_048_576)}"}\n`,
      /:2: the line is over 1 MiB/,
      /./,
    ],
    [
      'a line over 1 MiB without an end',
      '.jsonl',
      `{"a":"${'x'.repeat(2_000_000)}`,
      /:1: the line is over 1 MiB/,
      /./,
    ],
    [
      'a line of 1 MiB in many bytes',
      '.jsonl',
      `{"a":"${'é'.repeat(600_000)}"}\n`,
      /:1: the line is over 1 MiB/,
      /./,
    ],
    [
      'an event over 1 MiB in a list',
      '.json',
      `[{"a":1},\n{"a":"${'x'.repeat(1_048_576)}"}]`,
      /:2: the event is over 1 MiB/,
      /./,
    ],
    ['broken YAML', '.yaml', 'a: 1\nb: [\n', /:2:4: the \[ that opens here/, /close/],
    ['a YAML tag', '.yaml', '- a: !x 1\n', /:1:6: !x is a YAML tag/, /quotes/],
    ['an empty YAML value', '.yaml', 'user_id:\n', /:1:1: user_id has nothing after it/, /null/],
    ['a NUL in YAML', '.yaml', 'a: \0', /:1:4: /, /UTF-8/],
  ])('with %s are a fault that says where', async (_name, ending, content, message, hint) => {
    const error = await fault([file(ending, content)]);
    expect(error.code).toBe('events-invalid');
    expect(error.message).toMatch(message);
    expect(error.hint).toMatch(hint);
  });

  it('before a bad line are given first', async () => {
    const seen: unknown[] = [];
    const path = file('.jsonl', `${'{"a":1}\n'.repeat(100_000)}oops\n`);
    await expect(async () => {
      for await (const batch of readEventFiles([path], { stdin: Readable.from([]) })) seen.push(...batch);
    }).rejects.toThrow(/:100001: not JSON/);
    expect(seen.length).toBeGreaterThan(50_000);
  });

  it('that cannot be read are a fault before any is read', async () => {
    const missing = await fault([file('.jsonl', '{"a":1}\n'), join(folder, 'none.jsonl')]);
    expect(missing.code).toBe('unreadable');
    expect(missing.message).toMatch(/none\.jsonl does not exist/);
    mkdirSync(join(folder, 'sub'));
    expect((await fault([join(folder, 'sub')])).message).toMatch(/is a folder/);
  });
});
