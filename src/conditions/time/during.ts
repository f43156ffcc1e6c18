import { isHoursProblem, parseHours } from '../../kernel/hours.js';
import type { JsonObject } from '../../kernel/json.js';
import { hoursSchema } from './shared-settings.js';
import type { TimeVariant } from './variant.js';

/** `during`: the event happened in these hours; short for a `where` that tests its timestamp. */
export const during: TimeVariant = {
  heads: ['during'],
  settings: [],
  properties: { during: hoursSchema },
  build(settings, context) {
    const pointer = `${context.pointer}/during`;
    const hours = parseHours(settings['during'] as JsonObject);
    if (isHoursProblem(hours)) {
      context.report(hours.code, `${pointer}/${hours.key}`, hours.message, hours.hint);
      return { memory: 'none', test: { kind: 'any', tests: [], pointer } };
    }
    return {
      memory: 'none',
      test: {
        kind: 'field',
        reading: { path: 'timestamp' },
        operator: 'during',
        operand: { kind: 'hours', hours },
        ignoreCase: false,
        pointer,
      },
    };
  },
  memory: null,
};
