/** How a connection may end: code of the close frame, its reason (`POSITION` stands for one), and what to do. */
export const CLOSE_CODES = {
  stopping: {
    code: 1001,
    reason: 'the daemon is stopping: resume from POSITION',
    meaning: 'The daemon is stopping. Connect again later, and subscribe with `from`.',
  },
  malformed: { code: 1002, reason: '', meaning: 'The client broke the framing of WebSocket (RFC 6455).' },
  encoding: { code: 1007, reason: '', meaning: 'A text of the client was not UTF-8.' },
  fragments: { code: 1008, reason: '', meaning: 'A message of the client came in too many parts.' },
  size: { code: 1009, reason: '', meaning: 'A message of the client was larger than is taken.' },
  slow: {
    code: 1013,
    reason: 'too slow: resume from POSITION',
    meaning: 'The client had more to get and read nothing. Connect again, and subscribe with `from`.',
  },
} as const;

/** The reason for a close frame that says from where to go on. */
export function closeReason(how: 'stopping' | 'slow', position: string): string {
  return CLOSE_CODES[how].reason.replace('POSITION', position);
}
