import { ownValue, type JsonObject } from '../../kernel/json.js';
import { natsAddressText, readNatsAddress, type NatsAddress } from '../../kernel/nats/address.js';
import { Refusal } from '../refusal.js';
import { textOf } from '../setting-text.js';

/** A server to publish to. */
export interface Server extends NatsAddress {
  /** In messages. */
  readonly named: string;
}

/**
 * As written, never from a template: an event must not choose where messages and logins go. Since somebody wrote them down,
 * they may be private addresses.
 */
export function serversOf(written: JsonObject): readonly Server[] {
  const given = ownValue(written, 'servers') ?? [];
  const texts = (Array.isArray(given) ? given : [given]).map(textOf);
  if (texts.length === 0) throw new Refusal('servers names no server');
  return texts.map((text) => {
    const address = readNatsAddress(text);
    // The address itself may hold a password.
    if (address === 'login')
      throw new Refusal('servers holds a login: it belongs into user and password, or token, as secrets');
    if (address === undefined)
      throw new Refusal(
        'servers holds what is no server like nats://host:4222 or tls://host:4222; it is taken as it is written',
      );
    return { ...address, named: `the server ${natsAddressText(address)}` };
  });
}
