import { LAUNCH_STATUSES } from '../../model/outcome.js';
import { answerPage, PAGE_PARAMETERS } from '../page-answer.js';
import { choices, text, time } from '../parameters.js';
import { readCommand } from '../read-command.js';
import { Refusal } from '../refusal.js';
import { defineRoute } from '../route.js';
import { wireDecision, wireLaunch } from '../to-wire.js';

const UNKNOWN = { 404: { status: 404, description: 'No such launch.', schema: 'Error' } } as const;

/** Decisions and launches: reading them, and trying a launch again. */
export const LAUNCH_ROUTES = [
  defineRoute({
    method: 'GET',
    path: '/v1/launches',
    scope: 'read',
    summary: 'Lists launches.',
    parameters: {
      ...PAGE_PARAMETERS,
      trigger: text('Of this trigger only.'),
      workflow: text('Of this workflow only.'),
      status: choices('With one of these statuses only.', LAUNCH_STATUSES),
      since: time('Decided at this time or later.'),
      until: time('Decided before this time.'),
    },
    body: null,
    success: { status: 200, description: 'A page of launches.', schema: 'LaunchPage' },
    answer({ query }, { daemon }) {
      return answerPage(
        {
          cursor: query.cursor,
          limit: query.limit,
          order: query.order,
          trigger_id: query.trigger,
          workflow_name: query.workflow,
          statuses: query.status,
          sinceMs: query.since,
          untilMs: query.until,
        },
        (page) => daemon.launches(page),
        wireLaunch,
      );
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/v1/launches/:id',
    scope: 'read',
    summary: 'Reads one launch with its attempts.',
    parameters: {},
    body: null,
    success: { status: 200, description: 'The launch.', schema: 'Launch' },
    others: UNKNOWN,
    answer({ path }, { daemon }) {
      const launch = daemon.launch(path['id'] ?? '');
      if (launch === null) throw new Refusal(404, 'launch-unknown', 'there is no launch of this id');
      return { status: 200, json: wireLaunch(launch) };
    },
  }),
  defineRoute({
    method: 'POST',
    path: '/v1/launches/:id/redrive',
    scope: 'admin',
    summary: 'Tries a dead, skipped or waiting launch again, under its own id.',
    parameters: {},
    body: {
      modes: ['json'],
      required: false,
      description: 'Nothing, or an empty object.',
      schema: 'Nothing',
    },
    success: { status: 200, description: 'The launch, pending again.', schema: 'Launch' },
    others: {
      ...UNKNOWN,
      409: { status: 409, description: 'The launch is under way or has succeeded.', schema: 'Error' },
    },
    async answer({ path, body }, { daemon }) {
      if (body.length > 0) readCommand(body, []);
      return { status: 200, json: wireLaunch(await daemon.redrive(path['id'] ?? '')) };
    },
  }),
  defineRoute({
    method: 'GET',
    path: '/v1/decisions',
    scope: 'read',
    summary: 'Lists decisions that led to something: launches and suppressions.',
    parameters: {
      ...PAGE_PARAMETERS,
      event: text('On this event only.'),
      trigger: text('In which this trigger launched or was suppressed.'),
      since: time('Decided at this time or later.'),
      until: time('Decided before this time.'),
    },
    body: null,
    success: { status: 200, description: 'A page of decisions.', schema: 'DecisionPage' },
    answer({ query }, { daemon }) {
      return answerPage(
        {
          cursor: query.cursor,
          limit: query.limit,
          order: query.order,
          event_id: query.event,
          trigger_id: query.trigger,
          sinceMs: query.since,
          untilMs: query.until,
        },
        (page) => daemon.decisions(page),
        wireDecision,
      );
    },
  }),
];
