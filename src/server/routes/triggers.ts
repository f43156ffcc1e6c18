import { formatDuration, MAX_DURATION_MS, parseDuration } from '../../kernel/duration.js';
import { coversType } from '../../kernel/event-type.js';
import { isObject, type Json, preview } from '../../kernel/json.js';
import { formatTime, parseTime } from '../../kernel/time.js';
import type { TriggerStatus } from '../../engine/daemon.js';
import type { WirePage, WireResetDone, WireSnoozed } from '../../model/wire.js';
import { PAGE_PARAMETERS } from '../page-answer.js';
import { choice, integer, texts } from '../parameters.js';
import { commandInvalid, readCommand } from '../read-command.js';
import { Refusal } from '../refusal.js';
import { defineRoute } from '../route.js';

const UNKNOWN = { 404: { status: 404, description: 'No such trigger.', schema: 'Error' } } as const;

/** Triggers as they run: reading them, making them forget, silencing them for a while. */
export const TRIGGER_ROUTES = [
  defineRoute({
    method: 'GET',
    path: '/v1/triggers',
    scope: 'read',
    summary: 'Lists the triggers that run, by their ids.',
    parameters: {
      cursor: PAGE_PARAMETERS.cursor,
      limit: PAGE_PARAMETERS.limit,
      order: choice(
        'By id: `oldest` from the first, `newest` from the last.',
        ['oldest', 'newest'],
        'oldest',
      ),
      type: texts('That listen to one of these event types.'),
      tag: texts('With one of these tags.'),
      active: choice('That are active, or that are not.', ['true', 'false'], null),
    },
    body: null,
    success: { status: 200, description: 'A page of triggers.', schema: 'TriggerPage' },
    answer({ query }, { daemon }) {
      const { cursor, limit, order, type, tag, active } = query;
      const found = daemon
        .triggers()
        .filter(
          (trigger) =>
            (active === null || trigger.active === (active === 'true')) &&
            (tag.length === 0 || tag.some((wanted) => trigger.tags.includes(wanted))) &&
            (type.length === 0 || listensTo(trigger, type)),
        )
        .sort((a, b) => (a.trigger_id < b.trigger_id ? -1 : 1));
      if (order === 'newest') found.reverse();
      // The cursor is an id, and need not be there any more.
      const rest =
        cursor === null
          ? found
          : found.filter(({ trigger_id: id }) => (order === 'newest' ? id < cursor : id > cursor));
      const items = rest.slice(0, limit);
      const next = rest.length > limit ? (items.at(-1)?.trigger_id ?? null) : null;
      return { status: 200, json: { items, next } satisfies WirePage<TriggerStatus> };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/v1/triggers/:id',
    scope: 'read',
    summary: 'Reads one trigger with what it remembers.',
    parameters: { limit: integer('How many groups at most.', { min: 1, max: 1_000, missing: 100 }) },
    body: null,
    success: { status: 200, description: 'The trigger.', schema: 'TriggerDetail' },
    others: UNKNOWN,
    answer({ path, query }, { daemon }) {
      const trigger = daemon.trigger(path['id'] ?? '', query.limit);
      if (trigger === null) throw new Refusal(404, 'trigger-unknown', 'there is no trigger of this id');
      return { status: 200, json: trigger };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/v1/triggers/:id/reset',
    scope: 'admin',
    summary: 'Makes a trigger forget what it remembers, of one group or of all.',
    parameters: {},
    body: { modes: ['json'], required: true, description: 'Which group.', schema: 'Reset' },
    success: { status: 200, description: 'How many groups were forgotten.', schema: 'ResetDone' },
    others: UNKNOWN,
    async answer({ path, body }, { daemon }) {
      const { group } = readCommand(body, ['group']);
      if (group !== null && !isObject(group)) {
        throw commandInvalid(
          'group must be an object or null',
          'for example {"group": {"payload.region": "eu"}}',
        );
      }
      const triggerId = path['id'] ?? '';
      const groups = await daemon.reset(triggerId, group);
      return { status: 200, json: { trigger_id: triggerId, groups } satisfies WireResetDone };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/v1/triggers/:id/snooze',
    scope: 'admin',
    summary: 'Suppresses a trigger until a time, or ends that.',
    parameters: {},
    body: { modes: ['json'], required: true, description: 'Until when.', schema: 'Snooze' },
    success: { status: 200, description: 'Until when it is suppressed.', schema: 'Snoozed' },
    others: UNKNOWN,
    async answer({ path, body, nowMs }, { daemon }) {
      const untilMs = readUntil(readCommand(body, ['until'])['until'] ?? null, nowMs);
      const triggerId = path['id'] ?? '';
      await daemon.snooze(triggerId, untilMs);
      const snoozed_until = untilMs === null ? null : formatTime(untilMs);
      return { status: 200, json: { trigger_id: triggerId, snoozed_until } satisfies WireSnoozed };
    },
  }),
];

function listensTo(trigger: TriggerStatus, types: readonly string[]): boolean {
  return types.some((type) => trigger.event_types.some((pattern) => coversType(pattern, type)));
}

/** RFC 3339, or a duration from now; null = not at all. */
function readUntil(until: Json, nowMs: number): number | null {
  if (until === null) return null;
  const hint = 'for example {"until": "2h"}, {"until": "2026-01-31T12:00:00Z"} or {"until": null}';
  if (typeof until === 'string') {
    const durationMs = parseDuration(until);
    const untilMs = durationMs === undefined ? parseTime(until) : nowMs + durationMs;
    if (untilMs !== undefined) {
      if (untilMs <= nowMs) throw commandInvalid('until must lie in the future', 'null ends it');
      if (untilMs - nowMs > MAX_DURATION_MS) {
        throw commandInvalid(
          `until must lie within ${formatDuration(MAX_DURATION_MS)}`,
          'switch it off with active: false',
        );
      }
      return untilMs;
    }
  }
  throw commandInvalid(`until must be a time, a duration from now or null, not ${preview(until)}`, hint);
}
