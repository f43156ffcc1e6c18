import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Fault } from '../../src/kernel/fault.js';
import type { Source, SourceHost } from '../../src/ports/source.js';
import { sourceKinds } from '../../src/sources/registry.js';
import { createHost, createIntake, lines, numbersTo, start, type Taken } from './harness.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'triggerd-sources-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Feed {
  write(text: string | Buffer): void;
  source(host: SourceHost): Source;
}

const planOf = (name: string, settings: { stdin?: PassThrough; follow?: string[] }) => {
  const kind = sourceKinds.find((one) => one.name === name);
  const plans =
    kind?.plan({ stdin: settings.stdin ?? null, follow: settings.follow ?? [], nats: null }) ?? [];
  expect(plans).toHaveLength(1);
  return plans[0] as (typeof plans)[number];
};

const FEEDS: Readonly<Record<string, () => Feed>> = {
  stdin() {
    const stream = new PassThrough();
    return {
      write: (text) => void stream.write(text),
      source: (host) => planOf('stdin', { stdin: stream }).create(host),
    };
  },
  follow() {
    const path = join(folder, 'events.jsonl');
    writeFileSync(path, '');
    return {
      write: (text) => appendFileSync(path, text),
      source: (host) => planOf('follow', { follow: [path] }).create(host),
    };
  },
};

test('every kind is held to the contract', () => {
  // What comes in messages is held to it with a real server, in nats.test.ts.
  expect(sourceKinds.map(({ name }) => name).sort()).toEqual(['nats', ...Object.keys(FEEDS)].sort());
  for (const kind of sourceKinds) expect(kind.plan({ stdin: null, follow: [], nats: null })).toEqual([]);
});

describe.each(Object.entries(FEEDS))('%s', (_name, createFeed) => {
  function begin(intake: ReturnType<typeof createIntake>) {
    const feed = createFeed();
    const world = createHost();
    const running = start(feed.source(world.host), intake.intake, world.clock);
    return { feed, ...world, ...running };
  }

  test('lines are handed over in their order, however they are cut', async () => {
    const intake = createIntake();
    const { feed, until, stop } = begin(intake);
    const bytes = Buffer.from(lines(0, 40).replace('"n":7', '"x":"ä€😀","n":7'));
    for (let at = 0; at < bytes.length; at += 7) {
      feed.write(bytes.subarray(at, at + 7));
      if (at % 70 === 0) await turn();
    }
    await until('all are taken', () => intake.taken.length === 40);
    expect(intake.numbers()).toEqual(numbersTo(40));
    await stop();
  });

  test('a line waits for its end, with which it is taken once', async () => {
    const intake = createIntake();
    const { feed, clock, until, stop } = begin(intake);
    feed.write('{"n":0}\n{"n":');
    await until('the first is taken', () => intake.taken.length === 1);
    for (let i = 0; i < 20; i++) await clock.advance(200);
    expect(intake.given).toHaveLength(1);
    feed.write('1}\n');
    await until('the second is taken', () => intake.taken.length === 2);
    expect(intake.numbers()).toEqual([0, 1]);
    await stop();
  });

  test('bad lines are told with their place, and the rest is taken', async () => {
    const intake = createIntake();
    const { feed, logged, until, stop } = begin(intake);
    feed.write('{"n":0}\n\n{oops\n  \r\n{"n":1}\r\n');
    feed.write(Buffer.from([0x7b, 0xff, 0x7d, 0x0a]));
    feed.write('{"n":2}\n');
    await until('all are taken', () => intake.taken.length === 3);
    expect(intake.numbers()).toEqual([0, 1, 2]);
    expect(logged.filter(({ level }) => level === 'warn').map(({ fields }) => fields)).toMatchObject([
      { line: 3, offset: 9, problem: 'this is not JSON', hint: 'one event a line', skipped: 1 },
      { line: 6, offset: 28, problem: 'the line is not valid UTF-8', skipped: 2 },
    ]);
    await stop();
  });

  test('an event over which the rules stumble is told with its place, and the rest is taken', async () => {
    const intake = createIntake((text) =>
      text.includes('"n":1') ? new Fault('event-undecided', 'it could not be decided') : undefined,
    );
    const { feed, logged, until, stop } = begin(intake);
    feed.write(lines(0, 3));
    await until('the others are taken', () => intake.taken.length === 2);
    expect(intake.numbers()).toEqual([0, 2]);
    expect(logged.filter(({ level }) => level === 'warn').map(({ fields }) => fields)).toMatchObject([
      { line: 2, problem: 'it could not be decided', skipped: 1 },
    ]);
    await stop();
  });

  test('a line over 1 MiB is skipped with a warning', async () => {
    const intake = createIntake();
    const { feed, logged, until, stop } = begin(intake);
    const fits = `{"n":1,"x":"${'x'.repeat(1_048_576 - 14)}"}`;
    expect(fits).toHaveLength(1_048_576);
    feed.write(`{"n":0}\n${'y'.repeat(3_000_000)}\n${fits}\n ${fits}\n{"n":2}\n`);
    await until('all are taken', () => intake.taken.length === 3);
    expect(intake.numbers()).toEqual([0, 1, 2]);
    const told = logged
      .filter(({ level }) => level === 'warn')
      .map(({ fields }) => [fields['line'], fields['problem']]);
    expect(told).toEqual([
      [2, 'the line is over 1 MiB, more than an event may have'],
      [4, 'the line is over 1 MiB, more than an event may have'],
    ]);
    await stop();
  });

  test.each(['overloaded', 'store-full'] as const)(
    '%s: it waits and gives the same line again',
    async (code) => {
      let isBusy = true;
      const intake = createIntake((text) =>
        isBusy && text.includes('"n":3') ? new Fault(code, 'not now') : undefined,
      );
      const { feed, clock, logged, until, stop } = begin(intake);
      feed.write(lines(0, 5));
      await until('it was refused', () => intake.given.length >= 4 && intake.taken.length === 3);
      feed.write(lines(5, 8));
      for (let i = 0; i < 50; i++) await clock.advance(1_000);
      // Again and again, but not in haste, and nothing from behind it.
      expect(new Set(intake.given.slice(3))).toEqual(
        new Set(['{"n":3}'].map((text) => withId(text, intake.given[3]))),
      );
      expect(intake.given.length).toBeGreaterThan(5);
      expect(intake.given.length).toBeLessThan(30);
      isBusy = false;
      await until('all are taken', () => intake.taken.length === 8);
      expect(intake.numbers()).toEqual(numbersTo(8));
      expect(
        logged.filter(({ message }) => message.startsWith('events of a source wait'))[0]?.fields,
      ).toMatchObject({
        reason: code,
      });
      await stop();
    },
  );

  test('no more than 256 lines are under way', async () => {
    const waiting: (() => void)[] = [];
    const intake = createIntake(() => new Promise((resolve) => waiting.push(resolve)));
    const { feed, until, stop } = begin(intake);
    feed.write(lines(0, 1_000));
    await until('as many as may be', () => waiting.length === 256);
    for (let i = 0; i < 20; i++) await turn();
    expect(intake.given).toHaveLength(256);
    await until('all are taken', () => {
      waiting.shift()?.();
      return intake.taken.length === 1_000;
    });
    expect(intake.numbers()).toEqual(numbersTo(1_000));
    await stop();
  });

  test('when it is stopped, what was handed over is finished first', async () => {
    const waiting: (() => void)[] = [];
    const intake = createIntake(() => new Promise((resolve) => waiting.push(resolve)));
    const { feed, until, stop } = begin(intake);
    feed.write(lines(0, 3));
    await until('all are given', () => waiting.length === 3);
    let isStopped = false;
    const stopped = stop().then(() => (isStopped = true));
    for (let i = 0; i < 20; i++) await turn();
    expect(isStopped).toBe(false);
    for (const answer of waiting) answer();
    await stopped;
    expect(intake.numbers()).toEqual([0, 1, 2]);
  });

  test('it ends when the intake is closed', async () => {
    const intake = createIntake((text) =>
      text.includes('"n":2') ? new Fault('intake-closed', 'stopping') : undefined,
    );
    const { feed, until, untilOver } = begin(intake);
    feed.write(lines(0, 3));
    await until('two are taken', () => intake.taken.length >= 2);
    feed.write(lines(3, 4));
    await untilOver();
    expect(intake.numbers()).toEqual([0, 1]);
  });

  test('what ends the daemon ends it with the same fault', async () => {
    const fault = new Fault('store-failed', 'the disk is gone');
    const intake = createIntake(() => fault);
    const { feed, until } = begin(intake);
    feed.write(lines(0, 2));
    let looks = 0;
    const ends = until('the source ends with a fault', () => {
      if (++looks === 50) feed.write(lines(2, 3));
      return false;
    });
    await expect(ends).rejects.toBe(fault);
  });
});

/** A followed line is given with an id in it. */
function withId(text: string, given: string | undefined): string {
  const id = (JSON.parse(given ?? '{}') as Taken).event_id;
  return id === undefined ? text : text.replace('{', `{"event_id":"${id}",`);
}
