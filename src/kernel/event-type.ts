/**
 * Whether an event type is covered by a pattern of a trigger: the name itself, `*` for everything, or a final `*` for one
 * or more whole segments (`workflow.*`).
 */
export function coversType(pattern: string, eventType: string): boolean {
  if (pattern === eventType || pattern === '*') return true;
  if (!pattern.endsWith('.*')) return false;
  const prefix = pattern.slice(0, -1);
  return eventType.length > prefix.length && eventType.startsWith(prefix);
}
