import { describe, expect, test } from 'vitest';
import { createStyle, plainStyle } from '../../../src/cli/output/style.js';
import { testJunit } from '../../../src/cli/output/test-junit.js';
import { testText } from '../../../src/cli/output/test-text.js';
import { failedTest, passedTest, testReport } from '../reports.js';
import { parseXml } from './xml.js';

describe('text', () => {
  test('is a line a file, every failure in full, and a sum', () => {
    expect(
      testText(testReport([failedTest, passedTest]), plainStyle, { coverage: false }),
    ).toMatchInlineSnapshot(`
      "failed rules/a.test.yaml  1 test, 1 failed
      ok     rules/b.test.yaml  1 test

      failed rules/a.test.yaml:3  a burst opens one incident
          another launch than expected (line 9)
              trigger_id "burst"
            ! input.region
                expected "eu"
                actual   "us"
              input.failures 5
          expected suppression did not happen (line 12)
              trigger_id  "burst"
              gate        "cooldown"
          launch that no expectation names
              at          "2026-01-01T00:01:04Z"
              trigger_id  "burst"

      1 failed, 1 passed
      "
    `);
  });

  test('a wide terminal shows expected and actual in two columns, the differences marked', () => {
    const style = createStyle({ colour: false, terminal: true, width: 100 });
    const lines = testText(testReport([failedTest]), style, { coverage: false }).split('\n');
    expect(lines.slice(4, 8)).toEqual([
      '                        expected                               actual',
      '        trigger_id      "burst"                                "burst"',
      '      ! input.region    "eu"                                   "us"',
      '        input.failures  5                                      5',
    ]);
  });

  test('a narrow terminal shows one below the other', () => {
    const style = createStyle({ colour: false, terminal: true, width: 99 });
    expect(testText(testReport([failedTest]), style, { coverage: false })).toContain(
      '      ! input.region\n          expected "eu"\n          actual   "us"\n',
    );
  });

  test('long values are wrapped inside their column', () => {
    const style = createStyle({ colour: false, terminal: true, width: 100 });
    const long = 'w'.repeat(90);
    const result = {
      ...failedTest,
      missing: [],
      unexpected: [],
      different: [
        { list: 'launches' as const, expected: { input: { a: long } }, actual: { input: { a: 1 } }, line: 9 },
      ],
    };
    const lines = testText(testReport([result]), style, { coverage: false }).split('\n');
    const block = lines.filter((line) => line.includes('ww'));
    expect(block.length).toBeGreaterThan(1);
    expect(block.map((line) => line.replace(/[^w]/g, '')).join('')).toBe(long);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(100);
  });

  test('a key that is not there is told apart from null, and one that nobody expected is no difference', () => {
    const result = {
      ...failedTest,
      missing: [],
      unexpected: [],
      different: [
        { list: 'launches' as const, expected: { a: null, b: 1 }, actual: { b: 1, c: null }, line: 9 },
      ],
    };
    const text = testText(testReport([result]), plainStyle, { coverage: false });
    expect(text).toContain('! a\n          expected null\n          actual   (nothing)\n');
    expect(text).toContain('        c null\n');
  });

  test('a test that could not be run says why', () => {
    const result = {
      ...failedTest,
      missing: [],
      unexpected: [],
      different: [],
      problem: 'event 1: no event',
    };
    expect(testText(testReport([result]), plainStyle, { coverage: false })).toContain(
      '    event 1: no event\n',
    );
  });

  test('the coverage is there when asked for', () => {
    expect(testText(testReport([passedTest]), plainStyle, { coverage: true })).toMatchInlineSnapshot(`
      "ok     rules/b.test.yaml  1 test

      coverage            percent
      triggers               50 %
      condition branches   83.3 %

      not covered
        silent: never fired in a test

      1 passed
      "
    `);
  });

  test('no tests are called so', () => {
    expect(testText(testReport([]), plainStyle, { coverage: false })).toBe('no tests\n');
  });
});

describe('junit', () => {
  test('is a suite a file and a case a test', () => {
    const xml = parseXml(testJunit(testReport([failedTest, passedTest])));
    expect(xml.attributes).toEqual({ name: 'triggerd test', tests: '2', failures: '1' });
    expect(xml.children.map(({ attributes }) => attributes['name'])).toEqual([
      'rules/a.test.yaml',
      'rules/b.test.yaml',
    ]);
    const [failed] = xml.children[0]?.children ?? [];
    expect(failed?.attributes).toEqual({
      classname: 'rules/a.test.yaml',
      name: 'a burst opens one incident',
      file: 'rules/a.test.yaml',
      line: '3',
    });
    expect(failed?.children[0]?.text).toContain('expected "eu"');
    const [passed] = xml.children[1]?.children ?? [];
    expect(passed?.attributes['name']).toBe('nothing <launches> & "nobody" is told');
    expect(passed?.children).toEqual([]);
  });
});
