const DETAILS_KEPT = 5;

/** What was promised and not kept, counted by kind, with the first details of each. */
export interface Violations {
  add(kind: string, detail: string): void;
  readonly total: number;
  /** Kind → how often. */
  readonly counts: ReadonlyMap<string, number>;
  /** One line each, for people. */
  lines(): readonly string[];
}

export function createViolations(): Violations {
  const counts = new Map<string, number>();
  const details = new Map<string, string[]>();
  let total = 0;
  return {
    add(kind, detail) {
      total++;
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
      const kept = details.get(kind) ?? [];
      details.set(kind, kept);
      if (kept.length < DETAILS_KEPT) kept.push(detail);
    },
    get total() {
      return total;
    },
    counts,
    lines() {
      return [...counts].flatMap(([kind, count]) => [
        `${kind}: ${count}`,
        ...(details.get(kind) ?? []).map((detail) => `    ${detail}`),
      ]);
    },
  };
}
