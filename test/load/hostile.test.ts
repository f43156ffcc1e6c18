import { Readable } from 'node:stream';
import { afterAll, describe, expect, it } from 'vitest';
import { Fault } from '../../src/kernel/fault.ts';
import { readEvent } from '../../src/load/event.ts';
import { readEventFiles } from '../../src/load/event-files.ts';
import { loadText } from '../../src/load/load-text.ts';
import { readYamlEvents } from '../../src/load/yaml-events.ts';
import { HOSTILE_INPUTS } from './hostile-inputs.ts';

/** Far above what any of them takes (some 0.2 s on an idle machine), far below what a quadratic reader would. */
const LIMIT_MS = 4_000;

function timed<T>(work: () => T): T {
  const start = performance.now();
  const result = work();
  expect(performance.now() - start).toBeLessThan(LIMIT_MS);
  return result;
}

const yaml = HOSTILE_INPUTS.filter(({ format }) => format === 'yaml');
const json = HOSTILE_INPUTS.filter(({ format }) => format === 'json');

describe('a hostile input', () => {
  afterAll(() => {
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect(Object.keys(Object.prototype)).toEqual([]);
  });

  it('comes in more than two hundred kinds', () => {
    expect(HOSTILE_INPUTS.length).toBeGreaterThan(200);
    expect(new Set(HOSTILE_INPUTS.map(({ name, format }) => `${format} ${name}`)).size).toBe(
      HOSTILE_INPUTS.length,
    );
  });

  it.each(yaml)('ends in documents or diagnostics, twice: $name', ({ text }) => {
    const first = timed(() => loadText('hostile.yaml', text));
    const second = timed(() => loadText('hostile.yaml', text));
    expect(second.diagnostics).toEqual(first.diagnostics);
    expect(second.documents.length).toBe(first.documents.length);
    expect(first.diagnostics.length).toBeLessThanOrEqual(20);
    for (const diagnostic of first.diagnostics) {
      expect(diagnostic.length).toBeGreaterThanOrEqual(1);
      expect(diagnostic.message.length).toBeLessThan(300);
      if (diagnostic.line > 0) expect(diagnostic.column).toBeGreaterThanOrEqual(1);
    }
    // What is handed on can be written as JSON, at no more than the expanded size.
    for (const document of first.documents.slice(0, 5)) {
      expect(JSON.stringify(document.value).length).toBeLessThan(30_000_000);
    }
  });

  it('of YAML ends in events or a fault when it is a file of sample events', () => {
    for (const { text } of yaml.filter(({ text }) => text.length < 20_000)) {
      try {
        for (const { raw, line } of timed(() => readYamlEvents('hostile.yaml', text))) {
          expect(line).toBeGreaterThanOrEqual(1);
          readEvent(raw, { mode: 'strict', receivedAt: 0, newId: () => 'id' });
        }
      } catch (error) {
        expect(error).toBeInstanceOf(Fault);
      }
    }
  });

  it.each(json)('ends in events, problems or a fault: $name', async ({ text }) => {
    await expectEventsOrFault(text);
    await expectEventsOrFault(`${text}\n{"event_type":"next"}\n`);
  });
});

async function expectEventsOrFault(text: string): Promise<void> {
  try {
    for await (const batch of readEventFiles(['-'], { stdin: Readable.from([Buffer.from(text)]) })) {
      for (const { raw } of batch) {
        const read = readEvent(raw, { mode: 'lenient', receivedAt: 0, newId: () => 'id' });
        if ('event' in read) expect(Object.keys(read.event).length).toBe(15);
        else expect(read.problems.length).toBeGreaterThan(0);
      }
    }
  } catch (error) {
    expect(error).toBeInstanceOf(Fault);
    expect((error as Fault).code).toBe('events-invalid');
  }
}
