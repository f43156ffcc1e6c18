import { firstLine, NoGreeting } from './first-line.js';
import { isObject, type Json } from '../json.js';

/** What a NATS server says of itself to whoever connects. */
export interface NatsGreeting {
  readonly tlsRequired: boolean;
}

/**
 * Connects, reads what the server says and leaves. Meant to go before a client's own connecting: a client cannot be told to
 * leave a server that takes a connection and says nothing, or something else. Rejects as `firstLine` does.
 */
export async function natsGreeting(
  at: { readonly host: string; readonly port: number },
  withinMs: number,
  signal: AbortSignal,
): Promise<NatsGreeting> {
  const line = await firstLine(at, withinMs, signal);
  const info = line.startsWith('INFO ') ? parsed(line.slice(5)) : null;
  const version = isObject(info) ? info['version'] : null;
  if (!isObject(info) || typeof version !== 'string' || !/\d+\.\d+\.\d+/.test(version))
    throw new NoGreeting('it says other things than one');
  return { tlsRequired: info['tls_required'] === true };
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}
