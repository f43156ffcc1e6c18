import { wireReceipts, wireStoredEvent } from '../to-wire.js';
import { forbidden } from '../gate.js';
import { answerPage, PAGE_PARAMETERS } from '../page-answer.js';
import { choice, integer, texts, time } from '../parameters.js';
import { readEvents } from '../read-events.js';
import { Refusal } from '../refusal.js';
import { defineRoute } from '../route.js';

/** Events: handing them in, and reading the journal. */
export const EVENT_ROUTES = [
  defineRoute({
    method: 'POST',
    path: '/v1/events',
    scope: 'ingest',
    summary: 'Hands in events.',
    description:
      'Takes one event, a list, NDJSON, or CloudEvents 1.0 (structured, batch, binary). All of them are taken or none. ' +
      'The answer comes when they are durable and decided. An id that is known already is a duplicate and is not decided ' +
      'again, so what was not answered can be sent again. With wait=decision the token needs the scope read as well.',
    parameters: { wait: choice('Answer with what the events led to.', ['decision'], null) },
    body: {
      modes: ['json', 'ndjson', 'cloud-event', 'cloud-events', 'cloud-event-binary'],
      required: true,
      description: 'Events.',
      schema: 'Events',
    },
    success: { status: 202, description: 'Taken: one receipt an event, in their order.', schema: 'Receipts' },
    intake: true,
    async answer(call, site) {
      const decisions = call.query.wait === 'decision';
      // Launches carry the input of workflows, which is not for whoever may only hand in.
      if (decisions && !call.caller.may('read')) throw forbidden('read');
      const events = readEvents(call, site);
      const waitMs = site.limiter?.take(call.caller.name, events.length, call.nowMs) ?? 0;
      if (waitMs > 0) {
        throw new Refusal(429, 'rate-limited', 'more events a second than are taken', {
          hint: 'wait as long as Retry-After says, then send them again',
          headers: { 'retry-after': String(Math.max(1, Math.ceil(waitMs / 1_000))) },
          events: events.length,
        });
      }
      const receipts = events.length === 0 ? [] : await site.daemon.submit(events);
      return { status: 202, json: wireReceipts(receipts, decisions) };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/v1/events',
    scope: 'read',
    summary: 'Lists events of the journal.',
    parameters: {
      ...PAGE_PARAMETERS,
      type: texts('Of these types only; a final `*` stands for any further segments.'),
      since: time('Received at this time or later.'),
      until: time('Received before this time.'),
      after: integer('Only behind this position of the journal.', {
        min: 0,
        max: Number.MAX_SAFE_INTEGER,
        missing: null,
      }),
    },
    body: null,
    success: { status: 200, description: 'A page of events.', schema: 'EventPage' },
    answer({ query }, { daemon }) {
      return answerPage(
        {
          cursor: query.cursor,
          limit: query.limit,
          order: query.order,
          types: query.type,
          sinceMs: query.since,
          untilMs: query.until,
          afterPosition: query.after,
        },
        (page) => daemon.events(page),
        wireStoredEvent,
      );
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/v1/events/:id',
    scope: 'read',
    summary: 'Reads one event.',
    parameters: {},
    body: null,
    success: { status: 200, description: 'The event.', schema: 'StoredEvent' },
    others: { 404: { status: 404, description: 'No such event.', schema: 'Error' } },
    answer({ path }, { daemon }) {
      const stored = daemon.event(path['id'] ?? '');
      if (stored === null) throw new Refusal(404, 'event-unknown', 'there is no event of this id');
      return { status: 200, json: wireStoredEvent(stored) };
    },
  }),
];
