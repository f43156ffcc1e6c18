/** Longest subject, in bytes: a server closes the connection at a command of 4 KiB. */
const SUBJECT_MAX_BYTES = 1_024;
const NEVER = /[\s\p{Cc}]/u;

/** Why a text is no subject that a message can have; undefined when it is one. `wildcards`: it may be a filter. */
export function natsSubjectProblem(subject: string, wildcards: boolean): string | undefined {
  if (Buffer.byteLength(subject) > SUBJECT_MAX_BYTES) return `is longer than ${SUBJECT_MAX_BYTES} bytes`;
  if (NEVER.test(subject)) return 'holds a space or a control character';
  const tokens = subject.split('.');
  if (tokens.includes('')) return 'has an empty part';
  if (!wildcards) return /[*>]/.test(subject) ? 'holds a wildcard' : undefined;
  const stray = tokens.some((token, i) =>
    token === '>' ? i < tokens.length - 1 : token !== '*' && /[*>]/.test(token),
  );
  return stray ? 'has a wildcard that is not a part of its own, or > before the end' : undefined;
}

/** Whether a filter (`orders.*`, `orders.>`) takes everything that a subject, or another filter, stands for. */
export function natsFilterCovers(filter: string, subject: string): boolean {
  const wanted = filter.split('.');
  const given = subject.split('.');
  for (const [i, token] of wanted.entries()) {
    const other = given[i];
    if (other === undefined) return false;
    if (token === '>') return true;
    if (token === '*' ? other === '>' : token !== other) return false;
  }
  return wanted.length === given.length;
}
