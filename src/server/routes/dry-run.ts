import { Fault } from '../../kernel/fault.js';
import { text } from '../parameters.js';
import { readEvents } from '../read-events.js';
import { Refusal } from '../refusal.js';
import { defineRoute } from '../route.js';
import { wireDryRun } from '../to-wire.js';

/** What an event would lead to. */
export const DRY_RUN_ROUTES = [
  defineRoute({
    method: 'POST',
    path: '/v1/dry-run',
    scope: 'read',
    summary: 'Says what an event would lead to now, under the live rules and state. Nothing of it happens.',
    parameters: { trigger: text('Explain this trigger only.') },
    body: {
      modes: ['json', 'cloud-event', 'cloud-event-binary'],
      required: true,
      description: 'One event.',
      schema: 'Event',
    },
    success: { status: 200, description: 'What it would lead to, and why.', schema: 'DryRun' },
    others: { 404: { status: 404, description: 'No such trigger.', schema: 'Error' } },
    answer(call, site) {
      const [incoming, ...more] = readEvents(call, site);
      if (incoming === undefined || more.length > 0) {
        throw new Refusal(400, 'body-invalid', 'a dry run is of one event');
      }
      const triggerId = call.query.trigger;
      if (triggerId !== null && site.daemon.trigger(triggerId, 1) === null) {
        throw new Fault('trigger-unknown', 'there is no trigger of this id');
      }
      return { status: 200, json: wireDryRun(site.daemon.dryRun(incoming, triggerId)) };
    },
  }),
];
