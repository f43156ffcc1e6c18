/** What can be subscribed to. */
export const STREAM_KINDS = ['event', 'decision', 'launch'] as const;
export type StreamKind = (typeof STREAM_KINDS)[number];
