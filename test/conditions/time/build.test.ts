import { describe, expect, test } from 'vitest';
import { timeBased } from '../../../src/conditions/time-based.js';
import type { Json, JsonObject } from '../../../src/kernel/json.js';
import type { Test } from '../../../src/model/test.js';
import { buildContext, compileSettings } from '../build-context.js';

const P = '/condition/kind';
const FILTERS: Test = { kind: 'all', tests: [], pointer: '/filters' };

function reportsOf(settings: JsonObject, groupBy: readonly string[] = []): readonly string[] {
  const { context, reports } = buildContext({ groupBy });
  timeBased.build(settings, context);
  return reports;
}

describe('time_based settings', () => {
  test.each<[JsonObject, string[]]>([
    [{}, [`missing-key ${P}`]],
    [{ timezone: 'UTC' }, [`missing-key ${P}`]],
    [{ cron: '0 9 * * *', every: '5m' }, [`wrong-value ${P}/every`]],
    [{ after: '5m', no_event_for: '5m' }, [`wrong-value ${P}/no_event_for`]],
    [{ after: '5m', timezone: 'UTC' }, [`wrong-value ${P}/timezone`]],
    [{ no_event_for: '5m', restart: true }, [`wrong-value ${P}/restart`]],
    [{ cron: '0 9 * * *', unless: { event_types: ['a.b'] } }, [`wrong-value ${P}/unless`]],
    [{ during: {}, days: ['mon'] }, [`wrong-value ${P}/days`]],
    [{ cron: '0 0 30 2 *' }, [`schedule-invalid ${P}/cron`]],
    [{ cron: '0 0 31 4,6,9,11 *' }, [`schedule-invalid ${P}/cron`]],
    [{ cron: '61 * * * *' }, [`schedule-invalid ${P}/cron`]],
    [{ cron: '* * * *' }, [`schedule-invalid ${P}/cron`]],
    [{ cron: '0 0 * * * * 2027' }, [`schedule-invalid ${P}/cron`]],
    [{ cron: '@daily' }, [`schedule-invalid ${P}/cron`]],
    [{ cron: '@reboot' }, [`schedule-invalid ${P}/cron`]],
    [{ cron: 'every day at nine' }, [`schedule-invalid ${P}/cron`]],
    [{ cron: '0 9 * * *', timezone: 'Europe/Berln' }, [`timezone-unknown ${P}/timezone`]],
    [{ cron: '0 9 * * *', timezone: '+02:00' }, [`timezone-unknown ${P}/timezone`]],
    [{ cron: '0 9 * * *', except: ['2026-02-30'] }, [`wrong-value ${P}/except/0`]],
    [{ every: '250ms' }, [`wrong-value ${P}/every`]],
    [{ every: '0s' }, [`wrong-value ${P}/every`]],
    [{ every: '400d' }, [`wrong-value ${P}/every`]],
    [{ every: '5m', missed_within: '0s' }, [`wrong-value ${P}/missed_within`]],
    [{ at: '2026-01-01' }, [`schedule-invalid ${P}/at`]],
    [{ at: ['2026-01-01T00:00:00Z', 'tomorrow'] }, [`schedule-invalid ${P}/at/1`]],
    [{ at: '2026-01-01T00:00:00Z', except: ['2026-01-01'] }, [`schedule-invalid ${P}/at`]],
    [{ after: '0s' }, [`wrong-value ${P}/after`]],
    [{ after: '5m', unless: { group_by: ['payload.id'] } }, [`group-shape ${P}/unless/group_by`]],
    [{ no_event_for: '5m', expect: [['web-1']] }, [`group-shape ${P}/expect/0`]],
    [{ expected_by: '09:00', days: ['mon-fry'] }, [`wrong-value ${P}/days/0`]],
    [{ expected_by: '09:00', timezone: 'Mars/Olympus' }, [`timezone-unknown ${P}/timezone`]],
    [{ during: { from: '9:00' } }, [`wrong-value ${P}/during/from`]],
    [{ during: { from: '09:00', to: '09:00' } }, [`wrong-value ${P}/during/to`]],
    [{ during: { timezone: 'Berlin' } }, [`timezone-unknown ${P}/during/timezone`]],
    [{ cron: '0 0 12 L * *' }, []],
    [{ cron: '0 0 ? * MON#1' }, []],
    [{ cron: '0 0 15W * *' }, []],
    [{ cron: '*/5 * * * * *', timezone: 'Asia/Kathmandu' }, []],
    [{ cron: '0 0 29 2 +1' }, []],
    [{ at: ['2026-01-01T00:00:00Z', '2026-01-01T01:00:00+01:00'] }, []],
    [{ no_event_for: '5m', expect: [[]] }, []],
  ])('%j reports %j', (settings, expected) => {
    expect(compileSettings(timeBased.schema)(settings)).toBe(true);
    expect(reportsOf(settings)).toEqual(expected);
  });

  test.each<[JsonObject]>([
    [{ cron: 5 }],
    [{ cron: '' }],
    [{ every: '5 minutes' }],
    [{ missed: 'some', cron: '0 9 * * *' }],
    [{ after: '5m', unless: {} }],
    [{ after: '5m', unless: 'order.paid' }],
    [{ after: '5m', restart: 'yes' }],
    [{ no_event_for: '5m', expect: ['web-1'] }],
    [{ expected_by: '24:00' }],
    [{ expected_by: '9:00' }],
    [{ expected_by: '09:00', days: [] }],
    [{ during: { form: '09:00' } }],
    [{ crom: '0 9 * * *' }],
  ])('%j does not pass the schema', (settings) => {
    expect(compileSettings(timeBased.schema)(settings)).toBe(false);
  });

  test('a schedule refuses what it would never ask: groups and filters', () => {
    const asked: Test = { kind: 'all', tests: [FILTERS], pointer: '/filters' };
    const { context, reports } = buildContext({ groupBy: ['payload.host'], filters: asked });
    timeBased.build({ every: '5m' }, context);
    expect(reports).toEqual([`group-shape ${P}`, `condition-combination ${P}`]);
  });

  test.each([
    [{ cron: '0 9 * * *', timezone: 'Europe/Berln' }, 'did you mean Europe/Berlin?'],
    [{ cron: '0 9 * * *', timezone: 'new york' }, 'did you mean America/New_York?'],
    [{ cron: '@daily' }, 'write 0 0 * * *'],
    [{ expected_by: '09:00', days: ['Monday - Friday'] }, 'did you mean mon-fri?'],
  ])('%j is met with a hint: %s', (settings, hint) => {
    const hints: (string | undefined)[] = [];
    const { context } = buildContext({ report: (_code, _pointer, _message, given) => hints.push(given) });
    timeBased.build(settings, context);
    expect(hints).toEqual([hint]);
  });

  test('during becomes one test of the timestamp', () => {
    const hours: Json = { days: ['fri-mon'], from: '22:00', to: '06:00', timezone: 'Europe/Berlin' };
    expect(timeBased.build({ during: hours }, buildContext().context)).toEqual({
      memory: 'none',
      test: {
        kind: 'field',
        reading: { path: 'timestamp' },
        operator: 'during',
        operand: {
          kind: 'hours',
          hours: {
            days: ['sun', 'mon', 'fri', 'sat'],
            fromMinute: 1_320,
            toMinute: 360,
            timezone: 'Europe/Berlin',
            except: [],
          },
        },
        ignoreCase: false,
        pointer: `${P}/during`,
      },
    });
  });

  test('unless hears types of its own, its own filters only, and joins by a group of its own', () => {
    const { context } = buildContext({
      eventTypes: ['order.placed'],
      groupBy: ['payload.id'],
      filters: { kind: 'all', tests: [FILTERS], pointer: '/filters' },
    });
    const unless = { filters: { 'payload.done': true }, group_by: ['payload.order.id'] };
    const built = timeBased.build({ after: '5m', unless }, context);
    expect(built).toMatchObject({
      memory: 'group',
      variant: 'deadline',
      listeners: [
        { role: 'match', event_types: ['order.placed'], group_by: ['payload.id'], test: context.filters },
        {
          role: 'unless',
          event_types: ['order.placed'],
          group_by: ['payload.order.id'],
          test: { pointer: `${P}/unless/filters` },
        },
      ],
    });
  });

  test('a schedule listens to nothing', () => {
    const { context } = buildContext({ eventTypes: [] });
    expect(timeBased.build({ every: '5m' }, context)).toMatchObject({ variant: 'schedule', listeners: [] });
  });
});
