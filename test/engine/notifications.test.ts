import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CompiledFolder } from '../../src/engine/rule-folder.js';
import type { JsonObject } from '../../src/kernel/json.js';
import { ownInput } from '../../src/launch/own-input.js';
import { CORE_EVENT_TYPES, PRIORITIES, type Event, type Priority } from '../../src/model/event.js';
import { propertyRuns } from '../support/property-runs.js';
import { event, folder, record, rules } from '../support/rules.js';
import { HEARD, notificationsOf, type Notification } from './notifications-oracle.js';

const AT = Date.UTC(2026, 0, 1, 12);
const shipped = await folder('rules');
const text = (file: string): string => readFileSync(`rules/${file}.yaml`, 'utf8');
const written = [text('notifications'), text('workflows'), text('variables')].join('\n---\n');
/** The shipped notifications with the triggers turned on that hear every type. */
const hearingAll = rules(written.replaceAll('active: false', 'active: true'));

/** Tells what a folder notifies of an event, recipients sorted: what its workflows are given, and nothing but that. */
function notifierOf(compiled: CompiledFolder): (one: Event) => readonly Notification[] {
  const { run, launches } = record(compiled);
  let events = 0;
  return (one) => {
    events += 1;
    run.event({ ...one, event_id: `event-${events}` }, AT);
    return launches
      .splice(0)
      .filter(({ workflow_name }) => workflow_name.startsWith('notify-by-'))
      .map(({ workflow_name, input, warnings }) => {
        const own = ownInput(input) as unknown as Notification;
        expect([workflow_name, warnings]).toEqual([`notify-by-${own.channel}`, []]);
        return { ...own, recipients: [...own.recipients].sort() };
      })
      .sort((a, b) => (a.channel < b.channel ? -1 : 1));
  };
}

/** What the reference sends of an event; ours is the same but for e-mails to nobody, which are not launched. */
function wanted(one: Event, heard: boolean): readonly Notification[] {
  if (!heard) return [];
  return notificationsOf(one).filter(
    ({ channel, recipients }) => channel !== 'email' || recipients.length > 0,
  );
}

const OWNED: JsonObject = { workflow_owner: 'user@example.com' };
const WORDS: JsonObject = { workflow_name: 'data-processor', error: 'Database connection failed' };
const people: readonly (readonly [who: string, user_id: string | null, payload: JsonObject])[] = [
  ['nobody', null, {}],
  ['nobody, in empty texts', '', { workflow_owner: '' }],
  ['nobody, in nulls', null, { workflow_owner: null }],
  ['the user', 'user_789', {}],
  ['the user, with an owner who is empty', 'user_789', { workflow_owner: '' }],
  ['the owner', null, OWNED],
  ['the owner, with a user who is empty', '', OWNED],
  ['both', 'user_789', OWNED],
  ['one who is both', 'user@example.com', OWNED],
  ['an admin', 'ops-team', OWNED],
  ['an admin who is the owner', 'user_789', { workflow_owner: 'admin@example.com' }],
  ['names with commas', 'a, evil@example.com', { workflow_owner: 'b,c,\n"d"' }],
];

/** What means something in YAML, templates, headers, lists or JSON, and what is no character at all. */
const PIECES = [
  'a',
  ' ',
  ',',
  ';',
  '"',
  "'",
  '\\',
  '{{',
  '}}',
  '{%',
  '%}',
  '-',
  '|',
  '<',
  '&',
  '@',
  'ü',
  '🔥',
].concat(['\u0000', '\t', '\n', '\r', '\u0085', '\u2028', '\ud800']);
const folders = [
  ['the shipped folder', shipped, (type: string) => HEARD.includes(type)],
  ['with notify_general turned on', hearingAll, () => true],
] as const;

describe.each(folders)('%s', (_name, compiled, hears) => {
  const notified = notifierOf(compiled);

  test.each(CORE_EVENT_TYPES)(
    'notifies of %s as the reference does, of any priority and to anybody',
    (event_type) => {
      for (const priority of PRIORITIES) {
        for (const [who, user_id, recipients] of people) {
          for (const words of [{}, WORDS]) {
            const payload = { ...recipients, ...words };
            const one = event({ event_id: 'e', event_type, priority, user_id, payload });
            const told = notified(one);
            expect([priority, who, told]).toEqual([priority, who, wanted(one, hears(event_type))]);
          }
        }
      }
    },
  );

  test('notifies of events with any texts in them as the reference does', () => {
    const anyText = fc.oneof(
      fc.string({ unit: fc.constantFrom(...PIECES) }),
      fc.constantFrom('', ',', '{{ vars }}', ' x \n', 'ops-team'),
    );
    const anyEvent = fc.record({
      event_type: fc.constantFrom(...HEARD, 'workflow.started', 'workflowx.failed', 'order.paid'),
      priority: fc.constantFrom(...PRIORITIES),
      user_id: fc.option(anyText),
      payload: fc.record(
        { workflow_owner: anyText, workflow_name: anyText, error: anyText },
        { requiredKeys: [] },
      ),
    });
    fc.assert(
      fc.property(anyEvent, (fields) => {
        const one = event({ event_id: 'e', ...fields });
        expect(notified(one)).toEqual(wanted(one, hears(one.event_type)));
      }),
      propertyRuns(0.15),
    );
  });

  test.each(['workflow.started', 'workflow.completed', 'workflow.failed', 'workflow.cancelled'])(
    'a notification that is told of as %s is not notified of, any other launch is',
    (event_type) => {
      const of = (source: string, workflow_name: string, priority: Priority): Event =>
        event({
          event_id: 'e',
          event_type,
          source,
          priority,
          user_id: 'user_789',
          payload: { workflow_name },
        });
      for (const priority of PRIORITIES) {
        for (const channel of ['email', 'slack', 'webhook'])
          expect(notified(of('triggerd', `notify-by-${channel}`, priority))).toEqual([]);
        for (const one of [
          of('triggerd', 'failure-recovery-workflow', priority),
          // Somebody else's workflow, which happens to have such a name.
          of('workflow_engine', 'notify-by-email', priority),
        ])
          expect(notified(one)).toEqual(wanted(one, hears(event_type)));
      }
    },
  );
});

describe('what the reference leaves open', () => {
  const notified = notifierOf(shipped);
  const critical = (fields: Partial<Event>): Event =>
    event({ event_id: 'e', event_type: 'workflow.failed', priority: 'critical', ...fields });

  test('an e-mail to nobody, which the reference "sends", is not launched; Slack is told all the same', () => {
    const one = event({ event_id: 'e', event_type: 'workflow.failed' });
    expect(notificationsOf(one).map(({ channel, recipients }) => [channel, recipients])).toEqual([
      ['email', []],
      ['slack', []],
    ]);
    expect(notified(one).map(({ channel, recipients }) => [channel, recipients])).toEqual([['slack', []]]);
  });

  test('null stands for a missing word', () => {
    const one = critical({ payload: { workflow_name: null, error: null, workflow_owner: null } });
    expect(notified(one)[0]).toMatchObject({
      message: "Workflow 'Unknown' failed: Unknown error",
      recipients: ['admin@example.com', 'ops-team'],
    });
  });

  test('words that are no texts are told as JSON', () => {
    const one = critical({ payload: { workflow_name: 7, error: { code: 502 } } });
    expect(notified(one)[0]?.message).toBe('Workflow \'7\' failed: {"code":502}');
  });

  test('the admins are a variable', () => {
    const others = rules(
      written.replace('[admin@example.com, ops-team]', '[night-shift, user_789, night-shift]'),
    );
    const told = notifierOf(others)(critical({ user_id: 'user_789' }));
    expect(told.map(({ recipients }) => recipients)).toEqual(Array(3).fill(['night-shift', 'user_789']));
  });
});
