import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { Labels, Meter } from '../ports/meter.js';

/** Before the name of every figure. */
export const METRICS_PREFIX = 'triggerd_';

/** Figures in a registry of their own, and how to print them. */
export interface PrometheusMeter extends Meter {
  /** Prometheus text format 0.0.4. */
  text(): Promise<string>;
}

export function createMeter(): PrometheusMeter {
  const registry = new Registry();
  const known = new Map<string, unknown>();
  collectDefaultMetrics({ register: registry });

  /** Asked twice for one name, it gives the same. */
  const once = <T>(name: string, make: (full: string) => T): T => {
    const full = `${METRICS_PREFIX}${name}`;
    const found = known.get(full) as T | undefined;
    if (found !== undefined) return found;
    const made = make(full);
    known.set(full, made);
    return made;
  };
  const none: Labels = {};

  return {
    counter: (name, help, labels = []) =>
      once(name, (full) => {
        const counter = new Counter({ name: full, help, labelNames: [...labels], registers: [registry] });
        return { add: (amount = 1, own: Labels = none) => counter.inc(own, amount) };
      }),
    gauge: (name, help, labels = []) =>
      once(name, (full) => {
        const gauge = new Gauge({ name: full, help, labelNames: [...labels], registers: [registry] });
        return { set: (value: number, own: Labels = none) => gauge.set(own, value) };
      }),
    histogram: (name, help, buckets, labels = []) =>
      once(name, (full) => {
        const histogram = new Histogram({
          name: full,
          help,
          buckets: [...buckets],
          labelNames: [...labels],
          registers: [registry],
        });
        return { observe: (value: number, own: Labels = none) => histogram.observe(own, value) };
      }),
    watch(name, help, read) {
      once(
        name,
        (full) =>
          new Gauge({
            name: full,
            help,
            registers: [registry],
            collect() {
              this.set(read());
            },
          }),
      );
    },
    text: () => registry.metrics(),
  };
}
