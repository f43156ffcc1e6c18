import { Worker } from 'node:worker_threads';

const BEAT_MS = 20;

/** Watches whether the event loop of this thread is held up, and measures time as far as this process was given it. */
export interface Heartbeat {
  /** Milliseconds since it was started, less what a busy machine kept from this process. */
  elapsedMs(): number;
  /** The longest it was by work of this process, milliseconds. */
  longestMs(): number;
  /** The longest it was, milliseconds; on a busy machine also because others had their turn. */
  longestWaitMs(): number;
  stop(): Promise<void>;
}

/**
 * Counts how often another thread's heart beats between two beats of this one, and how much the process worked meanwhile: a
 * machine that is busy elsewhere holds up both threads, a blocked event loop only this one.
 */
export function startHeartbeat(): Heartbeat {
  const beats = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(
    'const { workerData: w } = require("node:worker_threads"); setInterval(() => Atomics.add(w.beats, 0, 1), w.everyMs);',
    { eval: true, workerData: { beats, everyMs: BEAT_MS } },
  );
  let beatsBefore = Atomics.load(beats, 0);
  let usedBefore = process.cpuUsage();
  let longestMs = 0;
  let longestWaitMs = 0;
  const timer = setInterval(() => {
    const beatsNow = Atomics.load(beats, 0);
    const { user, system } = process.cpuUsage(usedBefore);
    const gapMs = (beatsNow - beatsBefore) * BEAT_MS;
    longestMs = Math.max(longestMs, Math.min(gapMs, (user + system) / 1_000));
    longestWaitMs = Math.max(longestWaitMs, gapMs);
    beatsBefore = beatsNow;
    usedBefore = process.cpuUsage();
  }, BEAT_MS);
  return {
    elapsedMs: () => Atomics.load(beats, 0) * BEAT_MS,
    longestMs: () => longestMs,
    longestWaitMs: () => longestWaitMs,
    async stop() {
      clearInterval(timer);
      await worker.terminate();
    },
  };
}
