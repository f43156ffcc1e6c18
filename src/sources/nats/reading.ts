import type { Intake, NatsSettings, SourceHost } from '../../ports/source.js';
import type { NatsTimes } from './times.js';

/** What reading a stream needs, from its start to its end. */
export interface Reading {
  readonly settings: NatsSettings;
  readonly times: NatsTimes;
  /** Says which source it is, in every log line. */
  readonly source: string;
  readonly intake: Intake;
  readonly host: SourceHost;
  readonly signal: AbortSignal;
}
