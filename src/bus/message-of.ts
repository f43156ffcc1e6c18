/** What was thrown, in words; anything can be thrown, even what has none. */
export function messageOf(thrown: unknown): string {
  try {
    return thrown instanceof Error ? thrown.message : String(thrown);
  } catch {
    return 'something without a message was thrown';
  }
}
