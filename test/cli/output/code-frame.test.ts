import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codeFrame } from '../../../src/cli/output/code-frame.js';
import { displayWidth } from '../../../src/cli/output/display-width.js';
import { createStyle, plainStyle } from '../../../src/cli/output/style.js';

function frame(sourceLine: string | null, column: number, length = 1, width = 100): readonly string[] {
  const style = { ...plainStyle, width };
  return codeFrame({ sourceLine, line: 14, column, length, severity: 'error' }, style);
}

describe('the marker stands under the column', () => {
  test.each<[what: string, sourceLine: string, column: number, length: number, frame: string[]]>([
    ['of plain text', '  filter:', 3, 6, ['   14 |   filter:', '      |   ^^^^^^']],
    ['at the start of the line', 'filter:', 1, 6, ['   14 | filter:', '      | ^^^^^^']],
    ['behind the end of the line', 'a:', 3, 1, ['   14 | a:', '      |   ^']],
    ['far behind the end of the line', 'a:', 30, 1, ['   14 | a:', '      |   ^']],
    ['behind a tab', '\tfilter:', 2, 6, ['   14 |     filter:', '      |     ^^^^^^']],
    ['behind a tab in the middle', 'ab\tc', 4, 1, ['   14 | ab  c', '      |     ^']],
    ['of wide characters', '地域: eu', 1, 2, ['   14 | 地域: eu', '      | ^^^^']],
    ['behind wide characters', '地域: eu', 5, 2, ['   14 | 地域: eu', '      |       ^^']],
    ['behind an emoji of several code points', '👨‍👩‍👧: eu', 11, 2, ['   14 | 👨‍👩‍👧: eu', '      |     ^^']],
    ['behind a combining accent', 'e\u0301: eu', 5, 2, ['   14 | e\u0301: eu', '      |    ^^']],
    ['inside an emoji', '🔥x', 2, 1, ['   14 | 🔥x', '      | ^^']],
    ['over an empty line', '', 1, 1, ['   14 |', '      | ^']],
    [
      'behind a control character',
      '\u001b[31m: x',
      8,
      1,
      ['   14 | \\u001b[31m: x', '      |             ^'],
    ],
  ])('%s', (_what, sourceLine, column, length, lines) => {
    expect(frame(sourceLine, column, length)).toEqual(lines);
  });

  test('there is no frame without a source line', () => {
    expect(frame(null, 1)).toEqual([]);
  });

  test('it is red for an error, yellow for a warning', () => {
    const style = createStyle({ colour: true, terminal: true, width: 80 });
    const base = { sourceLine: 'a', line: 1, column: 1, length: 1 };
    expect(codeFrame({ ...base, severity: 'error' }, style)[1]).toContain('\u001b[31m^');
    expect(codeFrame({ ...base, severity: 'warning' }, style)[1]).toContain('\u001b[33m^');
  });
});

describe('a line that is too long is cut around the column', () => {
  const long = 'a'.repeat(200) + 'X' + 'b'.repeat(200);

  test('in the middle', () => {
    expect(frame(long, 201, 1, 40)).toEqual([
      '   14 | …aaaaaaaaaaXbbbbbbbbbbbbbbbbbbb…',
      '      |            ^',
    ]);
  });

  test('at its start', () => {
    expect(frame(`X${long}`, 1, 1, 40)).toEqual([`   14 | X${'a'.repeat(29)}…`, '      | ^']);
  });

  test('at its end', () => {
    expect(frame(`${long}X`, 402, 1, 40)).toEqual([
      `   14 | …${'b'.repeat(29)}X`,
      `      | ${' '.repeat(30)}^`,
    ]);
  });

  test('never wider than asked for, the marker always under the marked character', () => {
    const unit = fc.constantFrom('a', '\t', '地', '🔥', 'é', 'e\u0301', '\u0007', ' ');
    fc.assert(
      fc.property(
        fc.array(unit, { maxLength: 80 }),
        fc.array(unit, { maxLength: 80 }),
        fc.integer({ min: 30, max: 100 }),
        (before, after, width) => {
          const start = before.join('');
          const [text = '', marker = ''] = frame(`${start}X${after.join('')}`, start.length + 1, 1, width);
          expect(displayWidth(text)).toBeLessThanOrEqual(width);
          const at = marker.indexOf('^');
          expect(marker.slice(at)).toBe('^');
          expect(displayWidth(text.slice(0, text.indexOf('X')))).toBe(at);
        },
      ),
      { numRuns: 300 },
    );
  });
});
