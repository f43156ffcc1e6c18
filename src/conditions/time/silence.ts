import type { Json, JsonObject } from '../../kernel/json.js';
import { canonicalJson } from '../../kernel/json.js';
import type { BuildContext } from '../../ports/condition-kind.js';
import { durationSchema, readDuration } from '../duration-setting.js';
import { unlessListener, type UnlessInput } from '../unless-listener.js';
import { silenceReducer, type SilenceSettings } from './silence-reducer.js';
import type { TimeVariant } from './variant.js';

type SilenceInput = JsonObject & {
  readonly no_event_for: string;
  readonly unless?: UnlessInput;
  readonly expect?: readonly (readonly Json[])[];
};

/** `no_event_for`: fires when a group that was heard, or is expected, stays silent. */
export const silence: TimeVariant = {
  heads: ['no_event_for'],
  settings: ['unless', 'expect'],
  properties: {
    no_event_for: durationSchema('How long a group must be silent; once per silence.', '5m'),
    expect: {
      description:
        'Groups that are waited for from the start, though never heard: for each the values of group_by, in its order.',
      type: 'array',
      minItems: 1,
      maxItems: 10_000,
      items: {
        type: 'array',
        maxItems: 16,
        items: { type: ['string', 'number', 'boolean', 'null'] },
      },
      examples: [[['web-1'], ['web-2']]],
    },
  },
  build(given, context) {
    const settings = given as SilenceInput;
    const ready: SilenceSettings = {
      silentMs: readDuration(settings.no_event_for, `${context.pointer}/no_event_for`, context),
      expect: readExpect(settings.expect ?? [], context),
    };
    const unless =
      settings.unless === undefined
        ? []
        : [unlessListener(settings.unless, context.eventTypes, `${context.pointer}/unless`, context)];
    return {
      memory: 'group',
      variant: 'silence',
      settings: ready,
      listeners: [
        { role: 'match', event_types: context.eventTypes, test: context.filters, group_by: context.groupBy },
        ...unless,
      ],
    };
  },
  memory: { variant: 'silence', reducer: silenceReducer },
};

function readExpect(
  expect: readonly (readonly Json[])[],
  { groupBy, pointer, report }: BuildContext,
): readonly (readonly Json[])[] {
  expect.forEach((values, index) => {
    if (values.length === groupBy.length) return;
    report(
      'group-shape',
      `${pointer}/expect/${index}`,
      `this group has ${values.length} values and group_by has ${groupBy.length} paths`,
      groupBy.length === 0
        ? 'add group_by, or write [[]] to wait for any matching event from the start'
        : `a list of ${groupBy.length}: ${groupBy.join(', ')}`,
    );
  });
  return [...new Map(expect.map((values) => [canonicalJson(values), values])).values()];
}
