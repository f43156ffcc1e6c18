import { randomFillSync } from 'node:crypto';
import { closeSync, fsyncSync, openSync, rmSync, statfsSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Log } from '../../kernel/log.js';
import { isFull } from './sqlite-fault.js';

const CHUNK_BYTES = 65_536;

/** Space held in reserve: a full disk is left again by deleting, and deleting needs space too. */
export interface Ballast {
  /** Holds the space, if it does not already; false when there is not enough of it for the ballast and something more. */
  hold(): boolean;
  /** Gives the space free. */
  release(): void;
}

/** A ballast of that size (0: none, but `hold` still tells whether there is space at all). */
export function createBallast(file: string, sizeBytes: number, log: Log): Ballast {
  const marginBytes = Math.max(sizeBytes / 2, CHUNK_BYTES);
  let held = sizeBytes > 0 && isWhole();

  function isWhole(): boolean {
    const found = statSync(file, { throwIfNoEntry: false });
    return found !== undefined && found.size === sizeBytes && found.blocks * 512 >= sizeBytes;
  }

  function write(): void {
    const handle = openSync(file, 'w', 0o600);
    try {
      // Noise: zeros take no space on file systems that compress.
      const chunk = randomFillSync(Buffer.allocUnsafe(CHUNK_BYTES));
      for (let written = 0; written < sizeBytes; ) {
        written += writeSync(handle, chunk, 0, Math.min(CHUNK_BYTES, sizeBytes - written));
      }
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  }

  return {
    hold() {
      if (held) return true;
      const { bavail, bsize } = statfsSync(dirname(file));
      if (bavail * bsize < sizeBytes + marginBytes) return false;
      if (sizeBytes === 0) return true;
      try {
        write();
        held = true;
      } catch (error) {
        rmSync(file, { force: true });
        // A failed write here says nothing about the database, but where there is one there will be others.
        if (!isFull(error)) throw error;
      }
      return held;
    },
    release() {
      if (!held) return;
      rmSync(file, { force: true });
      held = false;
      log.warn('The disk is full: the space held in reserve is given free.', { sizeBytes });
    },
  };
}
