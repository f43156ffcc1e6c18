import { credsAuthenticator, type ConnectionOptions } from '@nats-io/transport-node';
import { ownValue, type JsonObject } from '../../kernel/json.js';
import type { Secrets } from '../../ports/executor-kind.js';
import { Failure } from '../failure.js';
import { secretReference, textOf } from '../setting-text.js';

/** What the connection is opened with. Nothing of it comes from a template. */
export function loginOf(written: JsonObject, secrets: Secrets): ConnectionOptions {
  const secret = (key: string): string | undefined => {
    const reference = secretReference(ownValue(written, key));
    return reference === undefined ? undefined : secrets.read(reference);
  };
  const credentials = secret('credentials');
  if (credentials !== undefined) return { authenticator: authenticatorOf(credentials) };
  const token = secret('token');
  if (token !== undefined) return { token };
  const pass = secret('password');
  return pass === undefined ? {} : { user: textOf(ownValue(written, 'user')), pass };
}

function authenticatorOf(credentials: string): ReturnType<typeof credsAuthenticator> {
  // The client finds the end of its last part by the line break behind it, which a secret comes without.
  const authenticator = credsAuthenticator(new TextEncoder().encode(`${credentials}\n`));
  try {
    authenticator('tried out');
  } catch {
    // Its message may hold a part of them.
    throw new Failure('credentials is not the content of a .creds file');
  }
  return authenticator;
}
