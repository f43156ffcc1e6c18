import type { NatsSettings, SourceKind } from '../ports/source.js';
import { USUAL_TIMES, type NatsTimes } from './nats/times.js';

/** Events from a stream of NATS JetStream: a message is acknowledged when its event is durable and decided. */
export const nats: SourceKind = {
  name: 'nats',
  summary: 'events from a stream of NATS JetStream, a message each',
  plan: ({ nats: settings }) => (settings === null ? [] : [natsSource(settings, USUAL_TIMES)]),
};

/** The same with other times. */
export function natsSource(settings: NatsSettings, times: NatsTimes): ReturnType<SourceKind['plan']>[number] {
  const name = `nats:${settings.stream}/${settings.durable}`;
  return {
    name,
    create: (host) => ({
      async run(intake, signal) {
        // The client is loaded only where there is a stream to read.
        const { readNats } = await import('./nats/read-nats.js');
        await readNats({ settings, times, source: name, intake, host, signal });
      },
    }),
  };
}
