import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonElements } from '../../src/load/json-elements.ts';
import { describeJsonError, jsonErrorOffset } from '../../src/load/json-error.ts';

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('what is wrong in a JSON text', () => {
  it.each<readonly [string, string, RegExp]>([
    ['{"a" 1}', '1:6', /comma or colon/],
    ['{"a":1 "b":2}', '1:8', /comma or colon/],
    ['{"a":1}{"b":2}', '1:8', /line of its own/],
    ['{"a":1,\n}', '2:1', /remove the comma/],
    ['[1,]', '1:4', /remove the comma/],
    ['{a:1}', '1:2', /double quotes/],
    ["{'a':1}", '1:2', /double quotes/],
    ['{"a":1 # x', '1:8', /no comments/],
    ['{"a":NaN}', '1:6', /values of JSON/],
    ['{"a":-Infinity}', '1:6', /values of JSON/],
    ['{"a":01}', '1:7', /comma or colon/],
    ['{"a":"b\tc"}', '1:8', /\\n or \\t/],
    ['{"a":"\\d"}', '1:7', /escape/],
    ['{"a":"b', '1:8', /not closed/],
    ['{"a":[{"b":1', '1:13', /not closed/],
    ['', '1:1', /ends too early/],
    ['}', '1:1', /one JSON object/],
    ['\n\n  nope', '3:3', /one JSON object/],
  ])('%s is told with its place and how to mend it', (text, place, hint) => {
    const [line, column] = place.split(':');
    expect(describeJsonError(text, true).message).toBe(`not JSON at line ${line}, column ${column}`);
    expect(describeJsonError(text, true).hint).toMatch(hint);
  });

  it('stands exactly where no continuation makes it JSON again', () => {
    const edit = fc.record({
      at: fc.nat(),
      cut: fc.nat(2),
      piece: fc.constantFrom('', ',', '"', '}', '[', ':', 'x', '\\', '\n', '0', '-'),
    });
    fc.assert(
      fc.property(fc.json({ maxDepth: 3 }), fc.array(edit, { minLength: 1, maxLength: 3 }), (json, edits) => {
        let text = json;
        for (const { at, cut, piece } of edits) {
          const place = at % (text.length + 1);
          text = text.slice(0, place) + piece + text.slice(place + cut);
        }
        const offset = jsonErrorOffset(text);
        if (isJson(text)) expect(offset).toBe(text.length);
        else {
          expect(offset).toBeLessThanOrEqual(text.length);
          // Whatever is whole before the error is still fine alone.
          expect(jsonErrorOffset(text.slice(0, offset))).toBe(offset);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('the elements of a JSON text', () => {
  it('are found with their lines and lengths', () => {
    const separators = fc.constantFrom('', ' ', '\n', '\r\n  ', '\t\n\n');
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue({ maxDepth: 3 })),
        separators,
        fc.boolean(),
        (values, gap, pretty) => {
          const texts = values.map((value) => JSON.stringify(value, null, pretty ? 2 : 0));
          let text = `${gap}[${gap}`;
          const expected = texts.map((element, index) => {
            const line = text.split('\n').length;
            text += `${element}${gap}${index < texts.length - 1 ? ',' : ''}${gap}`;
            return line;
          });
          text += `]${gap}`;
          const elements = jsonElements(text);
          expect(elements.map(({ line }) => line)).toEqual(expected);
          elements.forEach(({ length }, index) =>
            expect(length).toBeGreaterThanOrEqual((texts[index] as string).length),
          );
        },
      ),
    );
    expect(jsonElements('\n {"a": [1, 2]}\n')).toEqual([{ line: 2, length: 13 }]);
  });
});
