/** Labels of one series. */
export type Labels = Readonly<Record<string, string>>;

export interface Counter {
  add(amount?: number, labels?: Labels): void;
}
export interface Gauge {
  set(value: number, labels?: Labels): void;
}
export interface Histogram {
  /** In the unit that the name says. */
  observe(value: number, labels?: Labels): void;
}

/** Figures for operators. Names are given without the `triggerd_` prefix; asked twice for one name, it gives the same. */
export interface Meter {
  counter(name: string, help: string, labels?: readonly string[]): Counter;
  gauge(name: string, help: string, labels?: readonly string[]): Gauge;
  histogram(name: string, help: string, buckets: readonly number[], labels?: readonly string[]): Histogram;
  /** A gauge that is read when somebody looks. */
  watch(name: string, help: string, read: () => number): void;
}
