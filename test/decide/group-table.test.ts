import { expect, test } from 'vitest';
import { groupKey } from '../../src/decide/group-key.js';
import { createGroupTable } from '../../src/decide/group-table.js';
import { createRecentIds, DEDUPE_HORIZON_MS } from '../../src/decide/recent-ids.js';
import type { Timer } from '../../src/decide/timers.js';

function tableOf(capacity: number) {
  const seen = { evicted: 0, refused: 0 };
  const table = createGroupTable<number>(capacity, {
    evicted: () => seen.evicted++,
    refused: () => seen.refused++,
  });
  return { table, seen };
}
const timer = {
  dueAt: 0,
  sequence: 0,
  trigger: 0,
  owner: 'condition',
  groupKey: '',
  purpose: 'x',
  live: true,
} as Timer;

test('past the capacity the least recently touched group is forgotten', () => {
  const { table, seen } = tableOf(2);
  for (const key of ['a', 'b']) (table.touch(key, [key]) as { slice: number | undefined }).slice = 1;
  table.touch('a', ['a']);
  table.touch('c', ['c']);
  expect(table.get('b')).toBeUndefined();
  expect(table.get('a')?.slice).toBe(1);
  expect(seen).toEqual({ evicted: 1, refused: 0 });
});

test('a group with a pending timer is never forgotten, and when all have one a new group is refused', () => {
  const { table, seen } = tableOf(2);
  for (const key of ['a', 'b']) {
    const entry = table.touch(key, [key]);
    if (!entry) throw new Error('refused');
    entry.timers = new Map([['x', timer]]);
    table.settle(entry);
  }
  expect(table.touch('c', ['c'])).toBeNull();
  expect(seen).toEqual({ evicted: 0, refused: 1 });
  const first = table.get('a');
  first?.timers?.delete('x');
  if (first) table.settle(first);
  expect(table.touch('c', ['c'])).not.toBeNull();
  expect(table.get('a')).toBeUndefined();
});

test('a group without a slice and without timers takes no place', () => {
  const { table } = tableOf(10);
  const entry = table.touch('a', ['a']);
  if (entry) table.settle(entry);
  expect(table.size).toBe(0);
});

test('group keys tell different tuples apart', () => {
  const tuples = [
    [],
    [''],
    ['a'],
    ['a', 'b'],
    ['a,b'],
    ['a","b'],
    [1],
    ['1'],
    [null],
    [{ a: 1 }],
    [['a']],
    [true],
  ];
  expect(new Set(tuples.map((values) => groupKey(values))).size).toBe(tuples.length);
  expect(groupKey([{ a: 1, b: 2 }])).toBe(groupKey([{ b: 2, a: 1 }]));
});

test('an id is dropped within the dedupe horizon and taken again at its end', () => {
  const ids = createRecentIds();
  expect(ids.add('x', 0)).toBe(true);
  expect(ids.add('x', DEDUPE_HORIZON_MS - 1)).toBe(false);
  expect(ids.add('x', DEDUPE_HORIZON_MS)).toBe(true);
});

test('ids are remembered at least half the capacity back, in bounded memory', () => {
  const ids = createRecentIds(1_000);
  for (let i = 0; i < 10_000; i++) ids.add(`id-${i}`, 0);
  expect(ids.add('id-9999', 0)).toBe(false);
  expect(ids.add('id-9600', 0)).toBe(false);
  expect(ids.add('id-0', 0)).toBe(true);
});
