import {
  jetstreamManager,
  type ConsumerConfig,
  type ConsumerInfo,
  type JetStreamManager,
} from '@nats-io/jetstream';
import { errors, nanos, type NatsConnection } from '@nats-io/transport-node';
import { natsFilterCovers } from '../../kernel/nats/subject.js';
import type { NatsSettings } from '../../ports/source.js';
import type { Reading } from './reading.js';
import { Trouble } from './trouble.js';

/** As many messages may be under way, unacknowledged: those handed over, and those on their way here. */
const MOST_PENDING = 512;

/** The durable consumer as it is set up on the server. */
export interface StreamConsumer {
  /** Where messages are asked for. */
  readonly next: string;
  /** Whether a message is one of those that are wanted: an old server cannot tell. */
  wants(subject: string): boolean;
  /** Messages that were under way when it was read last, and are not acknowledged. */
  readonly pending: number;
}

/** Finds the durable consumer, or makes it, and has it give what the settings ask for. Throws a Trouble. */
export async function ensureConsumer(connection: NatsConnection, reading: Reading): Promise<StreamConsumer> {
  const { settings, times } = reading;
  const { stream, durable } = settings;
  try {
    // Without its check, which needs a right of its own.
    const manager = await jetstreamManager(connection, { checkAPI: false, timeout: times.answerMs });
    const filters = withoutCovered(settings.subjects);
    const byServer = filters.length <= 1 || isAtLeast(connection, 2, 10);
    const wanted = configOf(byServer ? filters : [], times.ackWaitMs);
    const found = await find(manager, stream, durable);
    const info =
      found === null
        ? await manager.consumers.add(stream, {
            ...wanted,
            durable_name: durable,
            ack_policy: 'explicit',
            deliver_policy: 'all',
          })
        : await adjusted(manager, found, wanted);
    return {
      next: `$JS.API.CONSUMER.MSG.NEXT.${stream}.${durable}`,
      wants: (subject) => byServer || filters.some((filter) => natsFilterCovers(filter, subject)),
      pending: info.num_ack_pending,
    };
  } catch (cause) {
    throw troubleOf(cause, settings);
  }
}

type Wanted = Pick<
  ConsumerConfig,
  'ack_wait' | 'max_ack_pending' | 'max_deliver' | 'filter_subject' | 'filter_subjects'
>;

function configOf(filters: readonly string[], ackWaitMs: number): Wanted {
  const [first] = filters;
  return {
    ack_wait: nanos(ackWaitMs),
    max_ack_pending: MOST_PENDING,
    max_deliver: -1,
    ...(filters.length > 1 ? { filter_subjects: [...filters] } : {}),
    ...(filters.length === 1 && first !== undefined ? { filter_subject: first } : {}),
  };
}

async function find(
  manager: JetStreamManager,
  stream: string,
  durable: string,
): Promise<ConsumerInfo | null> {
  try {
    return await manager.consumers.info(stream, durable);
  } catch (error) {
    if (codeOf(error) === CONSUMER_NOT_FOUND) return null;
    throw error;
  }
}

async function adjusted(
  manager: JetStreamManager,
  found: ConsumerInfo,
  wanted: Wanted,
): Promise<ConsumerInfo> {
  const { config, stream_name, name } = found;
  if (config.deliver_subject !== undefined || config.ack_policy !== 'explicit')
    throw new Trouble(
      `the consumer ${name} of the stream ${stream_name} is no pull consumer with explicit acknowledgements`,
      'name another one in sources.nats.durable, which is then made',
    );
  const keys = ['ack_wait', 'max_ack_pending', 'max_deliver', 'filter_subject', 'filter_subjects'] as const;
  const same = keys.every((key) => String(config[key] ?? '') === String(wanted[key] ?? ''));
  if (same) return found;
  const whole = { filter_subject: undefined, filter_subjects: undefined, ...wanted };
  // What is undefined is left out of the request, and so taken away.
  return manager.consumers.update(stream_name, name, whole as Wanted);
}

/** A server refuses filters that overlap. */
function withoutCovered(filters: readonly string[]): readonly string[] {
  const unique = [...new Set(filters)];
  return unique.filter(
    (filter) => !unique.some((other) => other !== filter && natsFilterCovers(other, filter)),
  );
}

function isAtLeast({ info }: NatsConnection, major: number, minor: number): boolean {
  const [first = 0, second = 0] = (info?.version ?? '').split('.').map(Number);
  return first > major || (first === major && second >= minor);
}

const CONSUMER_NOT_FOUND = 10_014;
const STREAM_NOT_FOUND = 10_059;
const NO_JETSTREAM_FOR_ACCOUNT = 10_039;

/** Of an error that the server's JetStream answered with. */
function codeOf(error: unknown): number {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : 0;
}

function troubleOf(cause: unknown, { stream, subjects, durable }: NatsSettings): Trouble {
  if (cause instanceof Trouble) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  const say = (problem: string, hint: string): Trouble => new Trouble(problem, hint, { cause });
  if (codeOf(cause) === STREAM_NOT_FOUND) {
    const named = subjects.length === 0 ? 'SUBJECT' : subjects.join(',');
    return say(
      `the stream ${stream} does not exist`,
      `create it: nats stream add ${stream} --subjects "${named}"`,
    );
  }
  if (codeOf(cause) === NO_JETSTREAM_FOR_ACCOUNT || /jetstream (?:is )?not enabled/i.test(message))
    return say(
      'JetStream is not enabled on the server, or not for this account',
      'start it with nats-server --jetstream, or enable JetStream for the account',
    );
  if (cause instanceof errors.PermissionViolationError)
    return say(
      `the server does not allow ${cause.operation} of ${cause.subject}`,
      `the account needs $JS.API.CONSUMER.*.${stream}.${durable} and below, $JS.ACK.${stream}.${durable}.> and _INBOX.>`,
    );
  if (cause instanceof errors.TimeoutError)
    return say('the server does not answer requests of JetStream', 'see whether its JetStream has a leader');
  return say(`the consumer ${durable} cannot be set up: ${message}`, 'see sources.nats in the settings');
}
