import type { NatsSettings } from '../../ports/source.js';
import type { OutsideProblem } from './settings-fault.js';
import type { SettingValues } from './table.js';

const NAME = 'sources.nats';

/** What is wrong with the settings of the stream as they are together. */
export function natsProblems(values: SettingValues): readonly OutsideProblem[] {
  const { sources_nats_servers: servers, sources_nats_stream: stream } = values;
  const { sources_nats_user: user, sources_nats_password: password } = values;
  const problems: OutsideProblem[] = [];
  const say = (message: string, hint: string): void => void problems.push({ message, hint });
  if (servers.length > 0 && stream === null)
    say(`${NAME}.servers needs ${NAME}.stream`, 'name the stream that events are taken from');
  if (servers.length === 0 && stream !== null)
    say(`${NAME}.stream needs ${NAME}.servers`, `for example ${NAME}.servers: [nats://localhost:4222]`);
  if (servers.length === 0 && stream === null) {
    const others = { ...loginsOf(values), subjects: values.sources_nats_subjects.length > 0 };
    for (const [key, isSet] of Object.entries(others))
      if (isSet) say(`${NAME}.${key} needs ${NAME}.servers and ${NAME}.stream`, 'set them, or take it out');
  }
  if ((user === null) !== (password === null))
    say(
      `${NAME}.${user === null ? 'password needs' : 'user needs'} ${NAME}.${user === null ? 'user' : 'password'}`,
      'a user and a password belong together',
    );
  const ways = Object.entries(loginsOf(values)).filter(([key, isSet]) => isSet && key !== 'password');
  if (ways.length > 1)
    say(`${NAME} holds ${ways.map(([key]) => key).join(' and ')}`, 'log in one way: take out all but one');
  return problems;
}

function loginsOf(values: SettingValues): Readonly<Record<string, boolean>> {
  return {
    user: values.sources_nats_user !== null,
    password: values.sources_nats_password !== null,
    token: values.sources_nats_token !== null,
    credentials: values.sources_nats_credentials !== null,
  };
}

/** The stream that events are taken from; null = none. */
export function natsSettings(values: SettingValues, absolute: (path: string) => string): NatsSettings | null {
  const { sources_nats_stream: stream, sources_nats_credentials: credentials } = values;
  if (stream === null) return null;
  return {
    servers: values.sources_nats_servers,
    stream,
    subjects: values.sources_nats_subjects,
    durable: values.sources_nats_durable,
    user: values.sources_nats_user,
    password: values.sources_nats_password,
    token: values.sources_nats_token,
    credentials: credentials === null ? null : absolute(credentials),
  };
}
