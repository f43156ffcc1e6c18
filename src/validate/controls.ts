import type { Collect, Cooldown, MaxExecutions, Trigger } from '../model/trigger.js';
import { readPath, type TriggerScope } from './build-context.js';
import { readDuration } from './duration-setting.js';
import type { RawTrigger } from './raw-rules.js';
import { DEFAULT_MAX_GROUPS } from './schemas/trigger.js';

/** How late an event may arrive and still cancel, unless a trigger says otherwise. */
const DEFAULT_LATENESS_MS = 5_000;

export type Controls = Pick<
  Trigger,
  | 'cooldown'
  | 'debounceMs'
  | 'collect'
  | 'once_per'
  | 'max_executions'
  | 'active'
  | 'mode'
  | 'first_of'
  | 'for_each'
  | 'latenessMs'
  | 'max_groups'
  | 'allow_loop'
  | 'tags'
>;

/** Reads what controls a trigger's firings; every default is here. */
export function readControls(raw: RawTrigger, pointer: string, scope: TriggerScope): Controls {
  const { reporter } = scope;
  if (raw.debounce !== undefined && raw.collect !== undefined) {
    reporter.error(
      'control-combination',
      `${pointer}/collect`,
      'debounce and collect exclude each other',
      'debounce waits for quiet, collect gathers for a fixed time: keep one',
      'key',
    );
  }
  return {
    cooldown: raw.cooldown === undefined ? null : readCooldown(raw.cooldown, `${pointer}/cooldown`, scope),
    debounceMs:
      raw.debounce === undefined ? null : readDuration(raw.debounce, `${pointer}/debounce`, reporter),
    collect: raw.collect === undefined ? null : readCollect(raw.collect, `${pointer}/collect`, scope),
    once_per: readPaths(raw.once_per ?? [], `${pointer}/once_per`, scope),
    max_executions: readMaxExecutions(raw.max_executions ?? null, `${pointer}/max_executions`, scope),
    active: raw.active ?? true,
    mode: raw.mode ?? 'launch',
    first_of: raw.first_of ?? null,
    for_each:
      raw.for_each === undefined
        ? null
        : readPath(raw.for_each, `${pointer}/for_each`, { ...scope, fields: 'event' }),
    latenessMs:
      raw.lateness === undefined
        ? DEFAULT_LATENESS_MS
        : readDuration(raw.lateness, `${pointer}/lateness`, reporter, 0),
    max_groups: raw.max_groups ?? DEFAULT_MAX_GROUPS,
    allow_loop: raw.allow_loop ?? false,
    tags: raw.tags ?? [],
  };
}

/** Checks a list of paths; a path that stands there twice adds nothing. */
export function readPaths(paths: readonly string[], pointer: string, scope: TriggerScope): readonly string[] {
  paths.forEach((path, index) => {
    readPath(path, `${pointer}/${index}`, scope);
    if (paths.indexOf(path) < index) {
      scope.reporter.error(
        'wrong-value',
        `${pointer}/${index}`,
        `${path} stands twice in this list`,
        'keep one of them',
      );
    }
  });
  return paths;
}

function readCooldown(
  cooldown: NonNullable<RawTrigger['cooldown']>,
  pointer: string,
  { reporter }: TriggerScope,
): Cooldown {
  if (typeof cooldown === 'string')
    return { forMs: readDuration(cooldown, pointer, reporter), scope: 'group', trailing: false };
  return {
    forMs: readDuration(cooldown.for, `${pointer}/for`, reporter),
    scope: cooldown.scope ?? 'group',
    trailing: cooldown.trailing ?? false,
  };
}

function readCollect(
  collect: NonNullable<RawTrigger['collect']>,
  pointer: string,
  scope: TriggerScope,
): Collect {
  return {
    forMs: readDuration(collect.for, `${pointer}/for`, scope.reporter),
    max: collect.max ?? null,
    group_by:
      collect.group_by === undefined ? null : readPaths(collect.group_by, `${pointer}/group_by`, scope),
  };
}

function readMaxExecutions(
  limit: NonNullable<RawTrigger['max_executions']> | null,
  pointer: string,
  { reporter }: TriggerScope,
): MaxExecutions | null {
  if (limit === null) return null;
  if (typeof limit === 'number') return { count: limit, perMs: null, scope: 'trigger' };
  return {
    count: limit.count,
    perMs: limit.per === undefined ? null : readDuration(limit.per, `${pointer}/per`, reporter),
    scope: limit.scope ?? 'trigger',
  };
}
