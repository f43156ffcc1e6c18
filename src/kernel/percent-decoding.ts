const RUNS = /(?:%[0-9A-Fa-f]{2})+/g;

/**
 * A text without its percent-encoding; undefined when what is encoded is no UTF-8. A percent sign that begins no code stands
 * for itself: senders that encode nothing, such as the JavaScript SDK of CloudEvents, write it so.
 */
export function percentDecoded(text: string): string | undefined {
  try {
    return text.replaceAll(RUNS, (run) => decodeURIComponent(run));
  } catch {
    return undefined;
  }
}
