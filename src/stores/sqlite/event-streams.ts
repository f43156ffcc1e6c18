import { coversType } from '../../kernel/event-type.js';
import type { RowTests } from './row-tests.js';
import type { Stream } from './scan.js';
import type { Prepare } from './statements.js';

/** Up to so many types each is read by itself through the index; with more, every event is looked at. */
const MOST_STREAMS = 64;

/** The streams that give the events of any of these types; of all events when there are none. */
export function eventStreams(
  prepare: Prepare,
  patterns: readonly string[],
  times: RowTests,
): readonly Stream[] {
  const all: Stream = { from: 'events', key: 'position', ...times };
  if (patterns.length === 0 || patterns.includes('*')) return [all];
  const types = typesOf(prepare, patterns);
  if (types !== null) {
    return [...types].map((type) => ({ ...all, where: ['event_type = ?'], values: [type] }));
  }
  const covered = patterns.map((pattern) =>
    pattern.endsWith('.*') ? '(event_type > ? AND event_type < ?)' : 'event_type = ?',
  );
  return [
    {
      ...all,
      columns: ['event_type', ...times.columns],
      tests: [`(${covered.join(' OR ')})`, ...times.tests],
      testValues: [
        ...patterns.flatMap((pattern) =>
          // "/" is the character after ".".
          pattern.endsWith('.*') ? [pattern.slice(0, -1), `${pattern.slice(0, -2)}/`] : [pattern],
        ),
        ...times.testValues,
      ],
    },
  ];
}

/** The types in the journal that are covered; null when they are too many. */
function typesOf(prepare: Prepare, patterns: readonly string[]): ReadonlySet<string> | null {
  const nextType = prepare(
    'SELECT event_type FROM events WHERE event_type > ? ORDER BY event_type LIMIT 1',
  ).pluck();
  const types = new Set<string>();
  for (const pattern of patterns) {
    if (!pattern.endsWith('.*')) {
      types.add(pattern);
    } else {
      let type = nextType.get(pattern.slice(0, -1)) as string | undefined;
      while (type !== undefined && coversType(pattern, type) && types.size <= MOST_STREAMS) {
        types.add(type);
        type = nextType.get(type) as string | undefined;
      }
    }
    if (types.size > MOST_STREAMS) return null;
  }
  return types;
}
