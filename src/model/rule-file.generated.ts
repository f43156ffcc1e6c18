// Made by scripts/generate.ts (npm run generate). What a person may write into a rule file.

/**
 * One YAML document of a rule file.
 */
export type RuleFileDocument = Rules | Trigger;
/**
 * A value it equals, a list of such values, or a map of operators that must all hold.
 */
export type FieldTest =
  | string
  | number
  | boolean
  | null
  | unknown[]
  | {
      /**
       * The value equals this one, JSON type included; objects and lists are compared deeply.
       */
      equal?: unknown;
      /**
       * The value is there and differs from this one.
       */
      not_equal?: unknown;
      /**
       * The value equals one of these.
       */
      in?:
        | unknown[]
        | {
            /**
             * Path of another field of the event whose value is meant.
             */
            field?: string;
            /**
             * Name of a variable whose value is meant.
             */
            var?: string;
          };
      /**
       * The value is there and equals none of these.
       */
      not_in?:
        | unknown[]
        | {
            /**
             * Path of another field of the event whose value is meant.
             */
            field?: string;
            /**
             * Name of a variable whose value is meant.
             */
            var?: string;
          };
      /**
       * The value is more than this: two numbers, two times, or two priorities.
       */
      greater_than?:
        | number
        | string
        | {
            /**
             * Path of another field of the event whose value is meant.
             */
            field?: string;
            /**
             * Name of a variable whose value is meant.
             */
            var?: string;
          };
      /**
       * The value is this or more: two numbers, two times, or two priorities.
       */
      at_least?:
        | number
        | string
        | {
            /**
             * Path of another field of the event whose value is meant.
             */
            field?: string;
            /**
             * Name of a variable whose value is meant.
             */
            var?: string;
          };
      /**
       * The value is less than this: two numbers, two times, or two priorities.
       */
      less_than?:
        | number
        | string
        | {
            /**
             * Path of another field of the event whose value is meant.
             */
            field?: string;
            /**
             * Name of a variable whose value is meant.
             */
            var?: string;
          };
      /**
       * The value is this or less: two numbers, two times, or two priorities.
       */
      at_most?:
        | number
        | string
        | {
            /**
             * Path of another field of the event whose value is meant.
             */
            field?: string;
            /**
             * Name of a variable whose value is meant.
             */
            var?: string;
          };
      /**
       * The value is one of the two or in between.
       */
      between?: (
        | number
        | string
        | {
            /**
             * Path of another field of the event whose value is meant.
             */
            field?: string;
            /**
             * Name of a variable whose value is meant.
             */
            var?: string;
          }
      )[];
      /**
       * The regular expression (RE2 syntax) finds a match in the text; of a list, one of them does.
       */
      matches?:
        | string
        | string[]
        | {
            /**
             * Name of a variable whose value is meant.
             */
            var?: string;
          };
      /**
       * The field is there and the regular expression finds no match; of a list, none of them does.
       */
      not_matches?:
        | string
        | string[]
        | {
            /**
             * Name of a variable whose value is meant.
             */
            var?: string;
          };
      /**
       * The text begins with this; of a list, with one of them.
       */
      starts_with?:
        | string
        | string[]
        | {
            /**
             * Path of another field of the event whose value is meant.
             */
            field?: string;
            /**
             * Name of a variable whose value is meant.
             */
            var?: string;
          };
      /**
       * The text ends with this; of a list, with one of them.
       */
      ends_with?:
        | string
        | string[]
        | {
            /**
             * Path of another field of the event whose value is meant.
             */
            field?: string;
            /**
             * Name of a variable whose value is meant.
             */
            var?: string;
          };
      /**
       * The whole text fits the pattern, in which * stands for any characters and \* for a star; of a list, one of them.
       */
      wildcard?:
        | string
        | string[]
        | {
            /**
             * Name of a variable whose value is meant.
             */
            var?: string;
          };
      /**
       * The text has this in it, or the list has it as an element; of a list, one of them.
       */
      contains?: unknown;
      /**
       * The field is there and does not contain this; of a list, none of them.
       */
      not_contains?: unknown;
      /**
       * The field is there (true; null counts as there), or is not (false).
       */
      exists?: boolean;
      /**
       * The value has this JSON type, or one of these.
       */
      type?: string | ('string' | 'number' | 'boolean' | 'object' | 'array' | 'null')[];
      size?: FieldTest;
      some?: FieldTests;
      every?: FieldTests;
      no?: FieldTests;
      /**
       * The IPv4 or IPv6 address lies in the network, or in one of them.
       */
      in_cidr?:
        | string
        | string[]
        | {
            /**
             * Name of a variable whose value is meant.
             */
            var?: string;
          };
      during?: Hours;
      /**
       * The RFC 3339 time lies less than this before the event.
       */
      newer_than?:
        | string
        | {
            /**
             * Name of a variable whose value is meant.
             */
            var?: string;
          };
      /**
       * The RFC 3339 time lies more than this before the event.
       */
      older_than?:
        | string
        | {
            /**
             * Name of a variable whose value is meant.
             */
            var?: string;
          };
      not?: FieldTest;
      /**
       * The value equals that of this variable, or one of it when it is a list.
       */
      var?: string;
      /**
       * The value equals that of this field of the event.
       */
      field?: string;
      /**
       * Upper and lower case count as the same, for texts: beside equal, in, matches, contains and the like.
       */
      ignore_case?: boolean;
      /**
       * Converts the value first: number, string or time. What cannot be converted fails the test.
       */
      as?: 'number' | 'string' | 'time';
    };
/**
 * What must come true: one key naming the kind, with its settings. A bare name is the classic form, its settings stand under parameters. Default: event_occurred.
 */
export type Condition =
  | {
      event_occurred?: ConditionEventOccurred;
      where?: FieldTests;
      pattern_matched?: ConditionPatternMatched;
      threshold_reached?: ConditionThresholdReached;
      value_changed?: ConditionValueChanged;
      holds_for?: ConditionHoldsFor;
      event_sequence?: ConditionEventSequence;
      time_based?: ConditionTimeBased;
      /**
       * Every one of these holds: any number of conditions of one event, and at most one that remembers.
       */
      all?: MemberCondition[];
      /**
       * At least one of these holds; conditions of one event only.
       */
      any?: MemberCondition[];
      /**
       * None of these holds; conditions of one event only.
       */
      none?: MemberCondition[];
    }
  | string;

/**
 * Triggers, workflows, variables and rule tests.
 */
export interface Rules {
  /**
   * A list of triggers.
   */
  triggers?: Trigger[];
  /**
   * Workflow name to how it is launched.
   */
  workflows?: {
    [k: string]: Workflow | undefined;
  };
  /**
   * Name to value, or to { env: NAME, default: V } for a value that differs per environment. Tests read it as { var: name }, templates as vars.name.
   */
  variables?: {
    [k: string]: unknown | undefined;
  };
  /**
   * A list of rule tests.
   */
  tests?: RuleTest[];
}
/**
 * When something happens, launch something.
 */
export interface Trigger {
  /**
   * Name of the trigger, unique in the rule folder.
   */
  trigger_id: string;
  /**
   * What it is for, in a sentence.
   */
  description?: string;
  /**
   * Event types it hears; a final * stands for one or more whole segments. Required, unless the condition brings its own.
   */
  event_types?: string[];
  filters?: FieldTests;
  /**
   * Everything remembered is kept apart for each distinct combination of these values.
   */
  group_by?: string[];
  condition?: Condition;
  /**
   * Classic form: settings of the bare condition, and workflow_input.
   */
  parameters?: {
    [k: string]: unknown | undefined;
  };
  /**
   * Workflow to launch, as defined under workflows:.
   */
  workflow_name?: string;
  /**
   * Input of the launch. Texts may hold templates over event, events, steps, trigger, group, value, vars, now and item.
   */
  workflow_input?: {
    [k: string]: unknown | undefined;
  };
  /**
   * Several workflows to launch at once, instead of workflow_name.
   *
   * Items: One workflow to launch.
   */
  launches?: {
    /**
     * Workflow to launch, as defined under workflows:.
     */
    workflow_name: string;
    /**
     * Input of the launch. Texts may hold templates over event, events, steps, trigger, group, value, vars, now and item.
     */
    workflow_input?: {
      [k: string]: unknown | undefined;
    };
  }[];
  /**
   * After a launch the same group is not launched again for this long.
   */
  cooldown?:
    | string
    | {
        /**
         * How long nothing is launched after a launch.
         */
        for: string;
        /**
         * Whether a launch closes its own group only, or the whole trigger.
         */
        scope?: 'group' | 'trigger';
        /**
         * Launch once at the end of the cooldown, with the last event it suppressed.
         */
        trailing?: boolean;
      };
  /**
   * Wait until the group has been quiet for this long, then launch once with all its events.
   */
  debounce?: string;
  /**
   * Gather firings and launch once with all their events, after a time or at a number.
   */
  collect?: {
    /**
     * How long after its first firing a collection is closed.
     */
    for: string;
    /**
     * At so many firings it is closed at once.
     */
    max?: number;
    /**
     * Paths by which firings are gathered, instead of the trigger’s group; [] gathers all of the trigger.
     */
    group_by?: string[];
  };
  /**
   * Launch once per distinct value of these paths, within seven days.
   */
  once_per?: string[];
  /**
   * How many launches there may be: ever, or with per in any period of that length.
   */
  max_executions?:
    | number
    | {
        /**
         * So many launches.
         */
        count: number;
        /**
         * In any period of this length; left out, ever.
         */
        per?: string;
        /**
         * Whether each group has its own count, or all share the trigger’s.
         */
        scope?: 'group' | 'trigger';
      }
    | null;
  /**
   * Of the triggers of a set that fire on an event, only the one with the lowest rank goes on.
   */
  first_of?: {
    /**
     * Name of the set.
     */
    set: string;
    /**
     * Its place in the set; lower goes first.
     */
    rank: number;
  };
  /**
   * false switches it off.
   */
  active?: boolean;
  /**
   * observe decides and records, and launches nothing.
   */
  mode?: 'launch' | 'observe';
  /**
   * Consider the trigger once per element of this list, which is item in paths and templates.
   */
  for_each?: string;
  /**
   * How late an event may arrive and still cancel a deadline. Default: 5s.
   */
  lateness?: string;
  /**
   * Groups kept at most; past it the one that was idle longest is forgotten.
   */
  max_groups?: number;
  /**
   * Let it fire on events that its own launches led to.
   */
  allow_loop?: boolean;
  /**
   * Words to find it by.
   */
  tags?: string[];
}
/**
 * Field path to test; every entry must hold. A path starts at an event field, such as priority or payload.amount.
 */
export interface FieldTests {
  /**
   * Every one of these maps holds.
   */
  all?: FieldTests[];
  /**
   * At least one of these maps holds.
   */
  any?: FieldTests[];
  /**
   * None of these maps holds; it is the negation that also holds for what is missing.
   */
  none?: FieldTests[];
  [k: string]: FieldTest | FieldTests[] | undefined;
}
/**
 * Hours of the week; left out are every day, all day, UTC. They may run over midnight.
 */
export interface Hours {
  /**
   * Days on which the hours begin: names or ranges.
   */
  days?: string[];
  /**
   * When they begin, included.
   */
  from?: string;
  /**
   * When they end, excluded.
   */
  to?: string;
  /**
   * Time zone of the IANA database.
   */
  timezone?: string;
  /**
   * Dates on which the hours do not begin.
   */
  except?: string[];
}
/**
 * Fires on every event that passed event_types and filters. It has no settings.
 */
export interface ConditionEventOccurred {}
/**
 * Fires when a regular expression finds a match in a string field.
 */
export interface ConditionPatternMatched {
  /**
   * Path of the field, from an event field. A field that is missing or not a string does not match.
   */
  field: string;
  /**
   * Regular expression in RE2 syntax (no look-around, no back-references). It may match anywhere in the text: anchor it with ^ and $ to match the whole.
   */
  regex: string;
  /**
   * Whether upper and lower case are the same.
   */
  ignore_case?: boolean;
}
/**
 * Fires when a field passes a comparison; with aggregate, when that aggregate over the last `within` of matching events does.
 */
export interface ConditionThresholdReached {
  /**
   * What is computed over the window. distinct counts the distinct values of the field; without aggregate each event is compared on its own.
   */
  aggregate?: 'count' | 'sum' | 'average' | 'minimum' | 'maximum' | 'distinct';
  /**
   * Path of the field that is compared or aggregated; not for a count. Events without it, or (but for distinct) with no number in it, are skipped.
   */
  field?: string;
  /**
   * The value is this.
   */
  equal?: unknown;
  /**
   * The value is there and is not this.
   */
  not_equal?: unknown;
  /**
   * The value is more than this.
   */
  greater_than?:
    | number
    | string
    | {
        [k: string]: unknown | undefined;
      };
  /**
   * The value is this or more.
   */
  at_least?:
    | number
    | string
    | {
        [k: string]: unknown | undefined;
      };
  /**
   * The value is less than this.
   */
  less_than?:
    | number
    | string
    | {
        [k: string]: unknown | undefined;
      };
  /**
   * The value is this or less.
   */
  at_most?:
    | number
    | string
    | {
        [k: string]: unknown | undefined;
      };
  /**
   * The value is one of the two or in between.
   */
  between?: (
    | number
    | string
    | {
        [k: string]: unknown | undefined;
      }
  )[];
  /**
   * Length of the sliding window.
   */
  within?: string;
  /**
   * Fewer events in the window than this never fire.
   */
  minimum_events?: number;
  /**
   * Firing empties the window. With keep it does not, and the condition fires again only after the comparison has failed.
   */
  keep?: boolean;
}
/**
 * Fires when the field differs from the group's previous event that passed event_types and filters and has the field. `events` are the two. Late events and events without the field are ignored.
 */
export interface ConditionValueChanged {
  /**
   * Path of the field.
   */
  field: string;
  from?: FieldTest;
  to?: FieldTest;
}
/**
 * Fires once when the group's events have passed `where` for this long by the clock, without one that fails it; again after a break. `event` is the last event that passed, `events` the first and the last of the run. Late events are ignored.
 */
export interface ConditionHoldsFor {
  where: FieldTests;
  /**
   * How long it must hold.
   */
  for: string;
}
/**
 * Fires when each of its steps has come within a time, or with fires: incomplete when the first has and the rest has not. Other events may stand in between; one event never fills two steps.
 */
export interface ConditionEventSequence {
  /**
   * The steps, at least two.
   *
   * Items: One event of the sequence. The trigger's own filters apply to it too.
   */
  steps: {
    /**
     * Name that templates read it by: {{ steps.<name> }}; step_1, step_2 … when left out.
     */
    name?: string;
    /**
     * Types of the event.
     */
    event_types: string[];
    filters?: FieldTests;
    /**
     * Paths of the group in these events, as many as the trigger's group_by has and in its order: joins fields of different names.
     */
    group_by?: string[];
  }[];
  /**
   * Time from the first event to the last, by event time; both ends included.
   */
  within: string;
  /**
   * given: the steps come in their order of arrival. any: they may come in any order, as from sources that race.
   */
  order?: 'given' | 'any';
  /**
   * How many of the steps are enough; with order: any only. All, when left out.
   */
  require?: number;
  /**
   * Events that cancel what has begun. The trigger's filters do not apply to them.
   */
  unless?: {
    /**
     * Their types; left out, the trigger's.
     */
    event_types?: string[];
    filters?: FieldTests;
    /**
     * Paths of the group in these events, as many as the trigger's group_by has and in its order: joins fields of different names.
     */
    group_by?: string[];
  };
  /**
   * completed: with the last step. incomplete: when the first step has come and `within` has passed without the rest.
   */
  fires?: 'completed' | 'incomplete';
}
/**
 * One of: during (hours of the week) · cron, every or at (a schedule, without an event) · after (a deadline that unless cancels, or a plain delay) · no_event_for (a silence) · expected_by (a time of day by which an event must have come).
 */
export interface ConditionTimeBased {
  /**
   * Hours of the week: from is included, to is not; to before from runs over midnight.
   */
  during?: {
    /**
     * Days on which the hours begin; left out, every day.
     */
    days?: string[];
    /**
     * When they begin.
     */
    from?: string;
    /**
     * When they end; 24:00 is the end of the day.
     */
    to?: string;
    /**
     * Time zone of the IANA database in which the clock is read.
     */
    timezone?: string;
    /**
     * Dates in the time zone on which they do not begin.
     */
    except?: string[];
  };
  /**
   * Five fields (minute hour day-of-month month day-of-week) or six with seconds first, read in the time zone. When both day fields are given, either may match. A time that summer time skips moves to the next valid minute; one that comes twice fires once.
   */
  cron?: string;
  /**
   * Multiples of this since midnight of 1970-01-01 in the time zone, at least 1s: 15m fires at each quarter of an hour. Like all wall-clock times, those of a repeated hour fire once.
   */
  every?: string;
  /**
   * RFC 3339 times, one or a list; those before the engine starts are past.
   */
  at?: string | string[];
  /**
   * What fell due while the engine did not run: latest fires once for all of it, skip not at all, all fires each (the last 1 000).
   */
  missed?: 'latest' | 'skip' | 'all';
  /**
   * What fell due longer ago than this is not made up for.
   */
  missed_within?: string;
  /**
   * How long after a matching event it fires, unless it is cancelled.
   */
  after?: string;
  /**
   * Whether another matching event puts the deadline off; otherwise it moves nothing.
   */
  restart?: boolean;
  /**
   * How long a group must be silent; once per silence.
   */
  no_event_for?: string;
  /**
   * Groups that are waited for from the start, though never heard: for each the values of group_by, in its order.
   */
  expect?: (string | number | boolean | null)[][];
  /**
   * Time of day by which a matching event must have come, counted from the time before; one at the very time is in time. With group_by, for each group that was seen.
   */
  expected_by?: string;
  /**
   * Time zone of the IANA database in which the clock is read.
   */
  timezone?: string;
  /**
   * Days of the week, and ranges of them; left out, every day.
   */
  days?: string[];
  /**
   * Dates in the time zone on which nothing happens.
   */
  except?: string[];
  /**
   * Events that cancel what has begun. The trigger's filters do not apply to them.
   */
  unless?: {
    /**
     * Their types; left out, the trigger's.
     */
    event_types?: string[];
    filters?: FieldTests;
    /**
     * Paths of the group in these events, as many as the trigger's group_by has and in its order: joins fields of different names.
     */
    group_by?: string[];
  };
}
/**
 * One of several conditions: one key naming the kind, with its settings.
 */
export interface MemberCondition {
  event_occurred?: ConditionEventOccurred;
  where?: FieldTests;
  pattern_matched?: ConditionPatternMatched;
  threshold_reached?: ConditionThresholdReached;
  value_changed?: ConditionValueChanged;
  holds_for?: ConditionHoldsFor;
  event_sequence?: ConditionEventSequence;
  time_based?: ConditionTimeBased;
  /**
   * Every one of these holds: any number of conditions of one event, and at most one that remembers.
   */
  all?: MemberCondition[];
  /**
   * At least one of these holds; conditions of one event only.
   */
  any?: MemberCondition[];
  /**
   * None of these holds; conditions of one event only.
   */
  none?: MemberCondition[];
}
/**
 * How a workflow is launched.
 */
export interface Workflow {
  /**
   * What it does, in a sentence.
   */
  description?: string;
  /**
   * log: Writes one line to the log. command: Runs a program, without a shell. http: Sends an HTTP request. module: Calls a function of a JavaScript or TypeScript file, in a process of its own. emit: Publishes an event, which other triggers may hear. email: Sends a mail over SMTP. slack: Posts a message to Slack through an incoming webhook. webhook: Posts JSON to a URL, signed as Standard Webhooks does. nats: Publishes a message to a NATS subject.
   */
  executor: 'log' | 'command' | 'http' | 'module' | 'emit' | 'email' | 'slack' | 'webhook' | 'nats';
  /**
   * Settings of the executor; texts may hold templates over input and launch.
   */
  with?: {
    [k: string]: unknown | undefined;
  };
  /**
   * How long one attempt may take. Default: 30s.
   */
  timeout?: string;
  /**
   * How a failed launch is tried again. Left out, the event’s max_retries decides how often.
   */
  retry?: {
    /**
     * Attempts in all, the first included.
     */
    attempts?: number;
    /**
     * Wait before the second attempt. Default: 1s.
     */
    initial?: string;
    /**
     * Each wait is so many times the one before.
     */
    factor?: number;
    /**
     * No wait is longer. Default: 5m.
     */
    max?: string;
    /**
     * Wait a random part of the time, so that many launches do not retry at once.
     */
    jitter?: boolean;
  } | null;
  /**
   * How many launches of it may run at once.
   */
  concurrency?: {
    /**
     * So many at once.
     */
    limit: number;
    /**
     * Counted apart for each value of this template.
     */
    key?: string;
    /**
     * Whether further launches wait, or are left out.
     */
    when_full?: 'queue' | 'skip';
  } | null;
}
/**
 * Events on a virtual clock, and the complete list of launches they must lead to.
 */
export interface RuleTest {
  /**
   * What it shows, as a sentence.
   */
  name: string;
  /**
   * Triggers for which the expectation is complete. Default: all of the rule folder.
   */
  triggers?: string[];
  /**
   * Where the virtual clock starts.
   */
  start?: string;
  /**
   * Values of variables for this test.
   */
  variables?: {
    [k: string]: unknown | undefined;
  };
  /**
   * Events that happen, each at its time.
   *
   * Items: An event, with the time at which it arrives.
   */
  events: {
    /**
     * When, counted from the start of the test.
     */
    at?: string;
    /**
     * So many of them, at this distance.
     */
    repeat?: {
      /**
       * How many there are, the first included.
       */
      times: number;
      /**
       * Time between two of them.
       */
      every: string;
    };
    /**
     * Identity. A second event with the same id is dropped for seven days. Default: one is made.
     */
    event_id?: string;
    /**
     * What kind of event: words of letters, digits, _ : - joined by dots.
     */
    event_type?: string;
    /**
     * Who says so.
     */
    source?: string;
    /**
     * Whom or what it is about.
     */
    target?: string | null;
    /**
     * The domain data.
     */
    payload?: {
      [k: string]: unknown | undefined;
    };
    /**
     * Data about the event.
     */
    metadata?: {
      [k: string]: unknown | undefined;
    };
    /**
     * When it happened, RFC 3339 with a zone. Default: when it was received.
     */
    timestamp?: string;
    /**
     * How urgent it is; ordered from low to critical.
     */
    priority?: 'low' | 'normal' | 'high' | 'critical';
    /**
     * Joins events of one matter.
     */
    correlation_id?: string | null;
    /**
     * Session it belongs to.
     */
    session_id?: string | null;
    /**
     * User it belongs to.
     */
    user_id?: string | null;
    /**
     * Channel it came through.
     */
    channel?: string | null;
    /**
     * Whether launches caused by it may be retried.
     */
    retryable?: boolean;
    /**
     * Attempts after the first of launches caused by it, unless their workflow says otherwise.
     */
    max_retries?: number;
    /**
     * How often its producer redelivered it.
     */
    retry_count?: number;
  }[];
  /**
   * Run the clock on to here, so that timers fire. Default: the last event.
   */
  until?: string;
  /**
   * The complete list of launches, in order; [] = nothing may launch.
   *
   * Items: What is known of a launch; what is left out may be anything.
   */
  expect: {
    /**
     * When, counted from the start of the test.
     */
    at?: string;
    /**
     * The trigger it is about.
     */
    trigger_id?: string;
    /**
     * The workflow that is launched.
     */
    workflow_name?: string;
    /**
     * observe for a trigger that only observes.
     */
    mode?: 'launch' | 'observe';
    /**
     * Path to value; those it names must be equal.
     */
    group?: {
      [k: string]: unknown | undefined;
    };
    /**
     * Keys of the input that must be equal; others may be there.
     */
    input?: {
      [k: string]: unknown | undefined;
    };
  }[];
  /**
   * When given: the complete list of what gates held back.
   *
   * Items: What is known of it; what is left out may be anything.
   */
  suppressed?: {
    /**
     * When, counted from the start of the test.
     */
    at?: string;
    /**
     * The trigger it is about.
     */
    trigger_id?: string;
    /**
     * The gate that held it back.
     */
    gate?:
      'snoozed' | 'first_of' | 'loop' | 'once_per' | 'debounce' | 'collect' | 'cooldown' | 'max_executions';
  }[];
}
