import { readNatsAddress } from '../../kernel/nats/address.js';
import { natsSubjectProblem } from '../../kernel/nats/subject.js';

/** A server whose address holds no login, which would be shown wherever the address is. */
export function isNatsServer(text: string): boolean {
  const address = readNatsAddress(text);
  return address !== undefined && address !== 'login';
}

/** The name of a stream or of a consumer, as the server takes it. */
export function isNatsName(text: string): boolean {
  return /^[^\s.*>/\\\p{Cc}]{1,200}$/u.test(text);
}

/** A subject, or one with wildcards. */
export function isNatsFilter(text: string): boolean {
  return natsSubjectProblem(text, true) === undefined;
}
