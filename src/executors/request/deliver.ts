import type { Outcome } from '../../model/outcome.js';
import { failed, type ExecutorHost } from '../../ports/executor-kind.js';
import { Failure } from '../failure.js';
import { Refusal } from '../refusal.js';
import type { SettingText } from '../setting-text.js';
import { connectionWords } from './connection-words.js';
import { withoutCredentials, type Headers } from './headers.js';
import { isSuccess, judge } from './judge.js';
import { reachableAddresses } from './reachable.js';
import { Interrupted, send, type Answer, type Exchange } from './send.js';
import { redirectTarget, targetOf, type Target } from './target-url.js';
import { untilAborted } from './until-aborted.js';

export interface Delivery {
  readonly url: SettingText;
  readonly method: string;
  readonly headers: Headers;
  /** Headers of a signature, which stand for this body and go to the first origin only. */
  readonly signature: Readonly<Record<string, string>>;
  readonly body: Buffer | null;
  /** Statuses that mean success; null = 200 to 299. */
  readonly success: readonly number[] | null;
  readonly allowPrivate: boolean;
  readonly followRedirects: number;
}

/** What is sent next: redirects change it. */
interface Leg {
  readonly target: Target;
  readonly method: string;
  readonly headers: Headers;
  readonly signature: Readonly<Record<string, string>>;
  readonly body: Buffer | null;
}

/** Sends a request, follows as many redirects as it may, and judges the answer. Every leg's address is checked on its own. */
export async function deliver(delivery: Delivery, host: ExecutorHost, signal: AbortSignal): Promise<Outcome> {
  const { url, method, headers, signature, body } = delivery;
  const redact = (text: string): string => host.secrets.redact(text);
  const reach = {
    allowPrivate: delivery.allowPrivate,
    privateNetworks: host.settings.private_networks,
  };
  let leg: Leg = { target: targetOf(url), method, headers, signature, body };
  for (let followed = 0; ; followed++) {
    const { url: to, named } = leg.target;
    let answer: Answer;
    try {
      const addresses = await untilAborted(reachableAddresses(to.hostname, named, reach), signal);
      answer = await send(exchangeOf(leg, addresses), signal);
    } catch (cause) {
      if (cause instanceof Refusal || cause instanceof Failure) throw cause;
      if (cause instanceof Interrupted) return failed('it was told to end before there was an answer');
      return failed(connectionWords(named, cause));
    }
    const next = isSuccess(answer.status, delivery.success) ? undefined : redirected(leg, answer);
    if (next === undefined || delivery.followRedirects === 0)
      return judge(answer, named, delivery.success, host.now(), redact);
    if (followed === delivery.followRedirects)
      return failed(`${named} redirected once more than the ${followed} times that are followed`, {
        retry: 'never',
      });
    leg = next;
  }
}

function exchangeOf(leg: Leg, addresses: Exchange['addresses']): Exchange {
  const { target, method, headers, signature, body } = leg;
  const lines = Object.fromEntries([...headers].map(([name, { text }]) => [name, text]));
  if (target.authorization !== null) lines['authorization'] ??= target.authorization;
  return { url: target.url, addresses, method, headers: { ...lines, ...signature }, body };
}

/** The next leg, if the answer is a redirect that leads somewhere. Methods change as browsers change them (Fetch, 4.4). */
function redirected(leg: Leg, { status, headers }: Answer): Leg | undefined {
  if (![301, 302, 303, 307, 308].includes(status) || headers.location === undefined) return undefined;
  const from = leg.target.url;
  const target = redirectTarget(headers.location, from, leg.target.named);
  if (target === undefined) return undefined;
  if (from.protocol === 'https:' && target.url.protocol === 'http:')
    throw new Refusal(`${leg.target.named} redirects to http, where everybody on the way could read along`);
  const sameOrigin = target.url.origin === from.origin;
  const becomesGet = status === 303 ? leg.method !== 'HEAD' : status <= 302 && leg.method === 'POST';
  const kept = sameOrigin ? leg.headers : withoutCredentials(leg.headers);
  return {
    target: sameOrigin ? { ...target, authorization: leg.target.authorization } : target,
    method: becomesGet ? 'GET' : leg.method,
    headers: becomesGet ? new Map([...kept].filter(([name]) => name !== 'content-type')) : kept,
    signature: sameOrigin && !becomesGet ? leg.signature : {},
    body: becomesGet ? null : leg.body,
  };
}
