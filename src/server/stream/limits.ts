/** What the stream takes, and gives up on. */
export interface StreamLimits {
  readonly maxClients: number;
  readonly maxSubscriptions: number;
  readonly maxEventTypes: number;
  /** JSON text of a subscription's filters: they are asked of every event. */
  readonly maxFiltersChars: number;
  /** Of one message from a client, and of the frames it may come in. */
  readonly maxMessageBytes: number;
  readonly maxFragments: number;
  /** What may wait in memory for one client. A single message may be larger, when nothing else waits. */
  readonly clientBytes: number;
  /**
   * What may be on its way to one client, in the buffers of the operating system too, before it has answered a ping that was
   * sent behind it: these hold megabytes for a client that reads nothing.
   */
  readonly unconfirmedBytes: number;
  /** What may wait in memory for all of them. */
  readonly totalBytes: number;
  /** How long a client that lags may take nothing at all before it is dropped. */
  readonly stallMs: number;
  /** How long a connection that is being closed waits for the other side. */
  readonly closeGraceMs: number;
  readonly pingMs: number;
  /** Launches that changed while a client lagged, remembered for it. */
  readonly maxChangedLaunches: number;
}

export const STREAM_LIMITS: StreamLimits = {
  maxClients: 4_096,
  maxSubscriptions: 32,
  maxEventTypes: 100,
  maxFiltersChars: 16 * 1024,
  maxMessageBytes: 256 * 1024,
  maxFragments: 64,
  clientBytes: 64 * 1024,
  unconfirmedBytes: 128 * 1024,
  totalBytes: 64 * 1024 * 1024,
  stallMs: 5_000,
  closeGraceMs: 2_000,
  pingMs: 30_000,
  maxChangedLaunches: 1_000,
};

/** What each limit means for a client, and what happens beyond it. */
export const STREAM_LIMIT_WORDS: Readonly<Record<keyof StreamLimits, string>> = {
  maxClients: 'Connections at once. More are refused with 503.',
  maxSubscriptions: 'Subscriptions of one connection. Another is an error.',
  maxEventTypes: 'Event types in one subscription. More are an error.',
  maxFiltersChars: 'Characters of a subscription’s filters as JSON. More are an error.',
  maxMessageBytes: 'Size of a message from a client. A larger one ends the connection (1009).',
  maxFragments: 'Parts that a message may come in. More end the connection (1008).',
  clientBytes:
    'What waits in memory for one connection. With more to tell, the daemon waits until the client has read.',
  unconfirmedBytes:
    'What is on its way to one client before it has answered a ping. More is sent once it has.',
  totalBytes: 'What waits in memory for all connections. Beyond it those with the most are cut off.',
  stallMs: 'How long a client with more to get may read nothing before it is dropped (1013).',
  closeGraceMs: 'How long a connection that is being closed waits for the other side.',
  pingMs: 'How often every client is pinged. One that has not answered by the next ping is cut off.',
  maxChangedLaunches: 'Launches that may change while a client lags. With more it is dropped (1013).',
};
