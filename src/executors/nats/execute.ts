import type { NatsConnection } from '@nats-io/transport-node';
import { ownValue } from '../../kernel/json.js';
import { natsAddressText } from '../../kernel/nats/address.js';
import type { Outcome } from '../../model/outcome.js';
import { failed, succeeded, type Execute } from '../../ports/executor-kind.js';
import { Failure } from '../failure.js';
import { guarded } from '../guarded.js';
import { Refusal } from '../refusal.js';
import { Interrupted } from '../request/send.js';
import { judgeError } from './judge.js';
import { loginOf } from './login.js';
import { messageOf } from './message.js';
import { openConnection } from './open.js';
import { publish } from './publish.js';
import { serversOf } from './server.js';

/**
 * Publishes the message over a connection of its own, to the first server that can be reached. Its Nats-Msg-Id is the launch
 * id: a stream drops what another attempt has published before, and says so, which is a success.
 */
export const executeNats: Execute = guarded(async (attempting, host, signal) => {
  const servers = serversOf(attempting.written);
  const message = messageOf(attempting, host.secrets);
  const login = loginOf(attempting.written, host.secrets);
  const byStream = ownValue(attempting.settings, 'jetstream') === true;
  let last: Outcome = failed('there is no server');
  for (const server of servers) {
    const { named } = server;
    let connection: NatsConnection | undefined;
    try {
      connection = await openConnection(server, login, signal);
      return succeeded({
        server: natsAddressText(server),
        ...(await publish(connection, message, byStream, signal)),
      });
    } catch (cause) {
      if (cause instanceof Interrupted || signal.aborted)
        return failed(`it was told to end before ${named} had the message`);
      if (cause instanceof Refusal || (cause instanceof Failure && connection !== undefined)) throw cause;
      last = cause instanceof Failure ? failed(cause.message) : judgeError(cause, named, message.subject);
      // Once it was let in, that server's word stands.
      if (connection !== undefined) return last;
    } finally {
      await connection?.close();
    }
  }
  return last;
});
