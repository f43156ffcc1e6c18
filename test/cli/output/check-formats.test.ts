import { describe, expect, test } from 'vitest';
import { checkGithub } from '../../../src/cli/output/check-github.js';
import { checkJunit } from '../../../src/cli/output/check-junit.js';
import { checkSarif } from '../../../src/cli/output/check-sarif.js';
import { checkText } from '../../../src/cli/output/check-text.js';
import { jsonReport } from '../../../src/cli/output/json-report.js';
import { plainStyle } from '../../../src/cli/output/style.js';
import { DIAGNOSTIC_CODES } from '../../../src/kernel/codes.js';
import { checkReport, diagnostic, warning } from '../reports.js';
import { parseXml } from './xml.js';

const whole = diagnostic({
  code: 'folder-empty',
  message: 'the folder holds no rule',
  hint: null,
  file: 'rules',
  line: 0,
  column: 0,
  pointer: '',
  sourceLine: null,
});

describe('text', () => {
  test('shows where, what, the line and how to mend it, then sums up', () => {
    expect(checkText(checkReport([diagnostic(), warning, whole]), plainStyle)).toMatchInlineSnapshot(`
      "rules/a.yaml:4:5 error unknown-key: "filter" is not a key of a trigger
          4 |     filter:
            |     ^^^^^^
            hint: did you mean filters?

      rules/a.yaml:9:3 warning unused-workflow: no trigger launches "old"
          9 |   old:
            |   ^^^

      rules error folder-empty: the folder holds no rule

      2 errors, 1 warning in 2 files: 3 triggers, 1 workflow, 4 tests
      "
    `);
  });

  test('is one line when all is well', () => {
    expect(checkText(checkReport(), plainStyle)).toBe(
      'no problems in 2 files: 3 triggers, 1 workflow, 4 tests\n',
    );
  });

  test('lets no file drive the terminal', () => {
    const hostile = diagnostic({
      message: 'a\u001b]0;owned\u0007\nfake line\u202e',
      file: 'rules/\u001b[2J.yaml',
      hint: 'x\u009b31m',
      sourceLine: 'k: \u001b[8mhidden',
    });
    const text = checkText(checkReport([hostile]), plainStyle);
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(text).toContain(
      'rules/\\u001b[2J.yaml:4:5 error unknown-key: a\\u001b]0;owned\\u0007\\u000afake line\\u202e\n',
    );
  });
});

describe('json', () => {
  test('has the published shape, without what only the code frame needs', () => {
    expect(JSON.parse(jsonReport(checkReport([diagnostic(), whole])))).toEqual({
      schema: 'triggerd/check@1',
      files: 2,
      triggers: 3,
      workflows: 1,
      tests: 4,
      diagnostics: [
        {
          code: 'unknown-key',
          severity: 'error',
          message: '"filter" is not a key of a trigger',
          hint: 'did you mean filters?',
          file: 'rules/a.yaml',
          line: 4,
          column: 5,
          pointer: '/triggers/0/filter',
        },
        {
          code: 'folder-empty',
          severity: 'error',
          message: 'the folder holds no rule',
          hint: null,
          file: 'rules',
          line: 0,
          column: 0,
          pointer: '',
        },
      ],
    });
  });
});

describe('github', () => {
  test('is one workflow command a diagnostic', () => {
    expect(checkGithub(checkReport([diagnostic(), warning, whole]))).toMatchInlineSnapshot(`
      "::error file=rules/a.yaml,line=4,col=5,endColumn=11,title=unknown-key::"filter" is not a key of a trigger%0Ahint: did you mean filters?
      ::warning file=rules/a.yaml,line=9,col=3,endColumn=6,title=unused-workflow::no trigger launches "old"
      ::error file=rules,title=folder-empty::the folder holds no rule
      2 errors, 1 warning in 2 files
      "
    `);
  });

  test('escapes what would end a property or the command', () => {
    const text = checkGithub(
      checkReport([diagnostic({ file: 'a,b:c%d.yaml', message: '100% of\r\nlines::x', hint: null })]),
    );
    expect(text).toContain('::error file=a%2Cb%3Ac%25d.yaml,line=4,');
    expect(text).toContain('::100%25 of%0D%0Alines::x\n');
    expect(text.split('\n')).toHaveLength(3);
  });
});

describe('sarif', () => {
  interface Sarif {
    readonly $schema: string;
    readonly version: string;
    readonly runs: readonly {
      readonly tool: {
        readonly driver: {
          readonly name: string;
          readonly version: string;
          readonly rules: readonly {
            readonly id: string;
            readonly shortDescription: { readonly text: string };
          }[];
        };
      };
      readonly columnKind: string;
      readonly results: readonly {
        readonly ruleId: string;
        readonly ruleIndex: number;
        readonly level: string;
        readonly message: { readonly text: string };
        readonly locations: readonly { readonly physicalLocation: Record<string, unknown> }[];
      }[];
    }[];
  }
  const sarif = (...diagnostics: Parameters<typeof checkReport>[0] & object): Sarif =>
    JSON.parse(checkSarif(checkReport(diagnostics), '1.2.3')) as Sarif;

  test('is version 2.1.0 with every diagnostic code as a rule', () => {
    const { version, runs } = sarif();
    expect(version).toBe('2.1.0');
    expect(runs).toHaveLength(1);
    expect(runs[0]?.results).toEqual([]);
    expect(runs[0]?.columnKind).toBe('utf16CodeUnits');
    const driver = runs[0]?.tool.driver;
    expect({ name: driver?.name, version: driver?.version }).toEqual({ name: 'triggerd', version: '1.2.3' });
    expect(driver?.rules.map(({ id }) => id)).toEqual(Object.keys(DIAGNOSTIC_CODES));
    for (const rule of driver?.rules ?? []) expect(rule.shortDescription.text).not.toBe('');
  });

  test('points each result at its rule and its place', () => {
    const [run] = sarif(diagnostic(), warning, whole).runs;
    for (const result of run?.results ?? []) {
      expect(run?.tool.driver.rules[result.ruleIndex]?.id).toBe(result.ruleId);
    }
    expect(run?.results.map(({ level }) => level)).toEqual(['error', 'warning', 'error']);
    expect(run?.results[0]).toMatchObject({
      message: { text: '"filter" is not a key of a trigger. Hint: did you mean filters?' },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'rules/a.yaml', uriBaseId: '%SRCROOT%' },
            region: { startLine: 4, startColumn: 5, endLine: 4, endColumn: 11 },
          },
        },
      ],
    });
    expect(run?.results[2]?.locations[0]?.physicalLocation).not.toHaveProperty('region');
  });

  test.each([
    ['./rules/a b%.yaml', { uri: 'rules/a%20b%25.yaml', uriBaseId: '%SRCROOT%' }],
    ['/srv/rules/ä.yaml', { uri: 'file:///srv/rules/%C3%A4.yaml' }],
  ])('writes %j as a URI', (file, artifact) => {
    const location = sarif(diagnostic({ file })).runs[0]?.results[0]?.locations[0];
    expect(location?.physicalLocation['artifactLocation']).toEqual(artifact);
  });
});

describe('junit', () => {
  test('is a suite a file and a case a diagnostic', () => {
    const xml = parseXml(checkJunit(checkReport([diagnostic(), warning, whole])));
    expect(xml).toMatchObject({ name: 'testsuites', attributes: { tests: '3', failures: '2' } });
    expect(xml.children.map(({ attributes }) => attributes)).toEqual([
      { name: 'rules/a.yaml', tests: '2', failures: '1' },
      { name: 'rules', tests: '1', failures: '1' },
    ]);
    const [first, second] = xml.children[0]?.children ?? [];
    expect(first?.children[0]).toMatchObject({ name: 'failure', attributes: { type: 'unknown-key' } });
    expect(second?.children[0]).toMatchObject({ name: 'system-out' });
  });

  test('has a case that passes when all is well', () => {
    const xml = parseXml(checkJunit(checkReport()));
    expect(xml).toMatchObject({ attributes: { tests: '1', failures: '0' } });
    expect(xml.children[0]?.children[0]).toMatchObject({ name: 'testcase', children: [] });
  });

  test('escapes mark-up and drops what XML cannot hold', () => {
    const message = `<b a="1">&amp;'\u0000\u001b\ud800 \ufffe`;
    const xml = parseXml(checkJunit(checkReport([diagnostic({ message, hint: null, file: 'a"<&>.yaml' })])));
    const failure = xml.children[0]?.children[0]?.children[0];
    expect(failure?.attributes['message']).toBe(`<b a="1">&amp;'\ufffd\ufffd\ufffd \ufffd`);
    expect(xml.children[0]?.attributes['name']).toBe('a"<&>.yaml');
  });
});
