import type { JsonObject } from '../../kernel/json.js';
import { durationSchema, readDuration } from '../duration-setting.js';
import { unlessListener, type UnlessInput } from '../unless-listener.js';
import { deadlineReducer, type DeadlineSettings } from './deadline-reducer.js';
import type { TimeVariant } from './variant.js';

type DeadlineInput = JsonObject & {
  readonly after: string;
  readonly unless?: UnlessInput;
  readonly restart?: boolean;
};

/** `after`: fires a while after a matching event, if no `unless` event came for the group. */
export const deadline: TimeVariant = {
  heads: ['after'],
  settings: ['unless', 'restart'],
  properties: {
    after: durationSchema('How long after a matching event it fires, unless it is cancelled.', '10m'),
    restart: {
      description: 'Whether another matching event puts the deadline off; otherwise it moves nothing.',
      type: 'boolean',
      default: false,
    },
  },
  build(given, context) {
    const settings = given as DeadlineInput;
    const ready: DeadlineSettings = {
      afterMs: readDuration(settings.after, `${context.pointer}/after`, context),
      restart: settings.restart ?? false,
      absence: settings.unless !== undefined,
    };
    const unless =
      settings.unless === undefined
        ? []
        : [unlessListener(settings.unless, context.eventTypes, `${context.pointer}/unless`, context)];
    return {
      memory: 'group',
      variant: 'deadline',
      settings: ready,
      listeners: [
        { role: 'match', event_types: context.eventTypes, test: context.filters, group_by: context.groupBy },
        ...unless,
      ],
    };
  },
  memory: { variant: 'deadline', reducer: deadlineReducer },
};
