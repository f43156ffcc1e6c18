import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  mkdirSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Fault } from '../../src/kernel/fault.js';
import { follow } from '../../src/sources/follow.js';
import { createHost, createIntake, isOpen, lines, numbersTo, start } from './harness.js';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'triggerd-follow-'));
  path = join(folder, 'events.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A daemon's life: follows the file with what the one before remembered. */
function begin(intake: ReturnType<typeof createIntake>, bookmark: { text: string | null } = { text: null }) {
  const world = createHost(bookmark);
  const [plan] = follow.plan({ stdin: null, follow: [path], nats: null });
  if (plan === undefined) throw new Error('nothing is followed');
  return { ...world, ...start(plan.create(world.host), intake.intake, world.clock) };
}

describe('rotation', () => {
  test('by renaming: the old file is read to its end, also what its writer still writes, then the new one', async () => {
    const intake = createIntake();
    writeFileSync(path, lines(0, 3));
    const { until, stop } = begin(intake);
    await until('the first are taken', () => intake.taken.length === 3);
    renameSync(path, `${path}.1`);
    appendFileSync(`${path}.1`, lines(3, 5));
    writeFileSync(path, lines(6, 8));
    appendFileSync(`${path}.1`, '{"n":5}');
    await until('all are taken', () => intake.taken.length === 8);
    expect(intake.numbers()).toEqual(numbersTo(8));
    renameSync(path, `${path}.2`);
    writeFileSync(path, lines(8, 10));
    await until('those of the third file too', () => intake.taken.length === 10);
    await stop();
  });

  test('several times while the daemon takes none: no file is left out', async () => {
    let isBusy = true;
    const intake = createIntake(() => (isBusy ? new Fault('overloaded', 'not now') : undefined));
    writeFileSync(path, lines(0, 3));
    const { until, logged, stop } = begin(intake);
    await until('it waits', () => intake.given.length > 1);
    for (const [i, first] of [3, 6, 9].entries()) {
      renameSync(path, `${path}.${i + 1}`);
      writeFileSync(path, lines(first, first + 3));
      const given = intake.given.length;
      await until('the next try', () => intake.given.length > given + 1);
      // One that came and went between two looks nobody could know of.
      await until('the new file is open', () => isOpen(path));
    }
    isBusy = false;
    await until('all are taken', () => intake.taken.length === 12);
    expect(intake.numbers()).toEqual(numbersTo(12));
    expect(logged.filter(({ message }) => message.startsWith('another file'))).toHaveLength(3);
    await stop();
  });

  test('by copying and cutting: read from the start again, and equal lines are other events', async () => {
    const intake = createIntake();
    writeFileSync(path, lines(0, 3));
    const { until, stop } = begin(intake);
    await until('the first are taken', () => intake.taken.length === 3);
    copyFileSync(path, `${path}.1`);
    truncateSync(path, 0);
    appendFileSync(path, lines(0, 1));
    await until('the new one is taken', () => intake.taken.length === 4);
    expect(intake.numbers()).toEqual([0, 1, 2, 0]);
    expect(new Set(intake.taken.map(({ event_id }) => event_id)).size).toBe(4);
    await stop();
  });

  test('cut and grown past where it was read is noticed by its beginning', async () => {
    const intake = createIntake();
    writeFileSync(path, lines(0, 3));
    const { until, stop } = begin(intake);
    await until('the first are taken', () => intake.taken.length === 3);
    writeFileSync(path, lines(100, 120));
    await until('all of the new ones are taken', () => intake.taken.length === 23);
    expect(intake.numbers().slice(3)).toEqual(numbersTo(20).map((n) => n + 100));
    await stop();
  });

  test('a file that is deleted and made anew is read from its start', async () => {
    const intake = createIntake();
    writeFileSync(path, lines(0, 2));
    const { until, stop } = begin(intake);
    await until('the first are taken', () => intake.taken.length === 2);
    rmSync(path);
    writeFileSync(path, lines(2, 4));
    await until('all are taken', () => intake.taken.length === 4);
    expect(intake.numbers()).toEqual(numbersTo(4));
    await stop();
  });
});

describe('a restart', () => {
  test('goes on where the one before was done, also within a file that was renamed meanwhile', async () => {
    const bookmark = { text: null };
    writeFileSync(path, lines(0, 3));
    const first = createIntake();
    const before = begin(first, bookmark);
    await before.until('the first are taken', () => first.taken.length === 3);
    await before.stop();
    appendFileSync(path, lines(3, 5));
    renameSync(path, `${path}.1`);
    writeFileSync(path, lines(5, 7));
    const second = createIntake();
    const after = begin(second, bookmark);
    await after.until('the rest is taken', () => second.taken.length === 4);
    expect(second.numbers()).toEqual([3, 4, 5, 6]);
    await after.stop();
  });

  test('without its last bookmark gives the same lines under the same ids', async () => {
    const text = lines(0, 4).replace('{"n":2}', '{"event_id":"own","n":2}');
    writeFileSync(path, text);
    const ids: (string | undefined)[][] = [];
    for (let life = 0; life < 2; life++) {
      const intake = createIntake();
      const { until, stop } = begin(intake);
      await until('all are taken', () => intake.taken.length === 4);
      ids.push(intake.taken.map(({ event_id }) => event_id));
      await stop();
    }
    expect(ids[0]).toEqual(ids[1]);
    expect(ids[0]?.[2]).toBe('own');
    expect(new Set(ids[0]).size).toBe(4);
  });

  test('the bookmark never passes a line that is not answered', async () => {
    const bookmark: { text: string | null } = { text: null };
    writeFileSync(path, lines(0, 6));
    const held: (() => void)[] = [];
    const intake = createIntake((text) =>
      text.includes('"n":2') ? new Promise((resolve) => held.push(resolve)) : undefined,
    );
    const { clock, until, stop } = begin(intake, bookmark);
    await until('all others are taken', () => intake.taken.length === 5);
    for (let i = 0; i < 10; i++) await clock.advance(200);
    expect(JSON.parse(bookmark.text ?? '{}')).toMatchObject({ offset: 16, line: 2 });
    held[0]?.();
    await stop();
    expect(JSON.parse(bookmark.text ?? '{}')).toMatchObject({ offset: 48, line: 6 });
  });

  test('line numbers go on', async () => {
    const bookmark = { text: null };
    writeFileSync(path, lines(0, 3));
    const first = createIntake();
    const before = begin(first, bookmark);
    await before.until('the first are taken', () => first.taken.length === 3);
    await before.stop();
    appendFileSync(path, 'oops\n');
    const after = begin(createIntake(), bookmark);
    await after.until('it is told', () => after.logged.length > 0);
    expect(after.logged[0]?.fields).toMatchObject({ source: path, line: 4, offset: 24 });
    await after.stop();
  });

  test.each<[what: string, change: () => void]>([
    ['gone', () => rmSync(path)],
    ['cut', () => writeFileSync(path, lines(9, 10))],
    ['written anew', () => writeFileSync(path, lines(10, 30))],
  ])('when the file is %s says so, and reads what is there', async (_what, change) => {
    const bookmark = { text: null };
    writeFileSync(path, lines(0, 3));
    const first = createIntake();
    const before = begin(first, bookmark);
    await before.until('the first are taken', () => first.taken.length === 3);
    await before.stop();
    change();
    const second = createIntake();
    const after = begin(second, bookmark);
    await after.until('it is told', () => after.logged.length > 0);
    expect(after.logged[0]?.message).toContain('what was not read of it is lost');
    appendFileSync(path, lines(30, 31));
    await after.until('what is there is taken', () => second.numbers().at(-1) === 30);
    expect(second.taken.every(({ event_id }) => first.taken.every((one) => one.event_id !== event_id))).toBe(
      true,
    );
    await after.stop();
  });

  test.each(['', 'nonsense', '{}', '[1]', '{"inode":1,"offset":-1}'])(
    'a bookmark %j is none',
    async (text) => {
      writeFileSync(path, lines(0, 2));
      const intake = createIntake();
      const { until, stop } = begin(intake, { text });
      await until('all are taken', () => intake.taken.length === 2);
      await stop();
    },
  );
});

test('a file that is not there yet, or cannot be read, is waited for and told once', async () => {
  mkdirSync(path);
  const intake = createIntake();
  const { logged, until, stop } = begin(intake);
  await until('the first is told', () => logged.length === 1);
  rmSync(path, { recursive: true });
  await until('the second is told', () => logged.length === 2);
  writeFileSync(path, lines(0, 2));
  await until('all are taken', () => intake.taken.length === 2);
  expect(logged.map(({ fields }) => fields['problem'])).toEqual([
    'it is no regular file',
    'there is no such file yet',
    undefined,
  ]);
  await stop();
});

test('a bookmark that cannot be written is told, and the events are taken all the same', async () => {
  writeFileSync(path, lines(0, 2));
  const intake = createIntake();
  const world = createHost();
  const [plan] = follow.plan({ stdin: null, follow: [path, path], nats: null });
  const host = {
    ...world.host,
    bookmark: { read: () => null, write: () => Promise.reject(new Error('no space')) },
  };
  const { until, stop } = start(plan!.create(host), intake.intake, world.clock);
  await until('all are taken', () => intake.taken.length === 2);
  await stop();
  expect(world.logged[0]?.fields).toEqual({ source: path, problem: 'no space' });
});

test('a CloudEvent keeps the id it has', async () => {
  const text = '{"specversion":"1.0","id":"c-1","source":"s","type":"t"}';
  writeFileSync(path, `${text}\n{}\n`);
  const intake = createIntake();
  const { until, stop } = begin(intake);
  await until('both are taken', () => intake.taken.length === 2);
  expect(intake.given[0]).toBe(text);
  expect(intake.given[1]).toMatch(/^\{"event_id":"line-[0-9a-f]{40}"\}$/);
  await stop();
});
