import { headers, type MsgHdrs } from '@nats-io/transport-node';
import { ownValue } from '../../kernel/json.js';
import { natsSubjectProblem } from '../../kernel/nats/subject.js';
import type { Attempting, Secrets } from '../../ports/executor-kind.js';
import { Refusal } from '../refusal.js';
import { bodyOf, jsonBody } from '../request/body.js';
import { entriesOf, textOf, textOrSecret } from '../setting-text.js';

/** What is published. */
export interface Message {
  readonly subject: string;
  readonly data: Buffer;
  readonly headers: MsgHdrs;
  /** Of headers and data together, as the server counts. */
  readonly sizeBytes: number;
}

/** Subjects that servers talk about themselves on, and take orders from. */
const SERVERS_OWN = new Set(['$SYS', '$JS', '$NRG', '$SRV']);
/** A line break would begin a header of its own. */
const HEADER_VALUE = /^[^\p{Cc}\u2028\u2029]*$/u;
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

export function messageOf(attempting: Attempting, secrets: Secrets): Message {
  const payload = ownValue(attempting.settings, 'payload');
  const { bytes } = payload === undefined ? jsonBody(attempting.input) : bodyOf(payload);
  const lines = headersOf(attempting, secrets);
  const written = [
    'NATS/1.0',
    ...[...lines].flatMap(([name, values]) => values.map((one) => `${name}: ${one}`)),
  ];
  return {
    subject: subjectOf(attempting),
    data: bytes,
    headers: lines,
    sizeBytes: Buffer.byteLength(`${written.join('\r\n')}\r\n\r\n`) + bytes.length,
  };
}

function subjectOf({ settings }: Attempting): string {
  const subject = textOf(ownValue(settings, 'subject'));
  const problem = natsSubjectProblem(subject, false);
  if (problem !== undefined) throw new Refusal(`the subject ${problem}`);
  const [first = ''] = subject.split('.');
  if (SERVERS_OWN.has(first.toUpperCase()))
    throw new Refusal(`the subject begins with ${first}, which belongs to the server`);
  return subject;
}

/** The launch id, by which a stream knows a repetition, and the trace, unless the workflow names one of its own. */
function headersOf({ settings, written, launch_id, trace }: Attempting, secrets: Secrets): MsgHdrs {
  const all = headers();
  all.set('Nats-Msg-Id', launch_id);
  let ownTrace = false;
  for (const [name, value, asWritten] of entriesOf(settings, written, 'headers')) {
    if (!HEADER_NAME.test(name)) throw new Refusal('a header has a name that no header can have');
    if (/^nats-/i.test(name)) throw new Refusal(`the header ${name} cannot be set`);
    const { text } = textOrSecret(value, asWritten, secrets);
    if (!HEADER_VALUE.test(text))
      throw new Refusal(
        `the header ${name} holds a line break or another character that no header can carry`,
      );
    all.set(name, text);
    ownTrace ||= name.toLowerCase() === 'traceparent';
  }
  if (trace !== null && !ownTrace) {
    all.set('traceparent', trace.traceparent);
    if (trace.tracestate !== null) all.set('tracestate', trace.tracestate);
  }
  return all;
}
