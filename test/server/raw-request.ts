import { connect } from 'node:net';

/** How a connection went on which some bytes were written. */
export interface RawOutcome {
  /** Statuses of all answers but `100 Continue`, in their order. */
  readonly statuses: readonly number[];
  readonly closed: boolean;
  readonly text: string;
  readonly tookMs: number;
}

/**
 * Writes bytes to a port and reads until the first answer is complete enough to tell its status, or the connection ends, or
 * `patienceMs` are over. Then the connection is closed.
 */
export function sendRaw(port: number, raw: string | Buffer, patienceMs = 2_500): Promise<RawOutcome> {
  return new Promise((resolve) => {
    const began = performance.now();
    const socket = connect(port, '127.0.0.1');
    let text = '';
    let closed = false;
    let done = false;
    const finish = (): void => {
      if (done) return;
      done = true;
      clearTimeout(timer);
      socket.destroy();
      const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));
      resolve({
        statuses: statuses.filter((status) => status !== 100),
        closed,
        text,
        tookMs: performance.now() - began,
      });
    };
    const timer = setTimeout(finish, patienceMs);
    socket.on('connect', () => socket.write(raw));
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1');
      if (/HTTP\/1\.1 (?!100)\d{3}[^]*\r\n\r\n/.test(text)) setImmediate(finish);
    });
    socket.on('error', () => {
      closed = true;
      finish();
    });
    socket.on('close', () => {
      closed = true;
      finish();
    });
  });
}

/**
 * Writes requests one behind another and reads the status of each answer, in their order; null for one with which the
 * connection ended. What stood behind that one is sent again on another connection.
 */
export async function sendPipelined(port: number, raws: readonly string[]): Promise<(number | null)[]> {
  const statuses: (number | null)[] = [];
  while (statuses.length < raws.length) {
    const answered = await pipelineOnce(port, raws.slice(statuses.length, statuses.length + 100));
    if (answered.length === 0) statuses.push(null);
    else statuses.push(...answered);
  }
  return statuses;
}

/** Statuses until the connection ends; an answer that ends it is the last. */
function pipelineOnce(port: number, raws: readonly string[]): Promise<number[]> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let text = '';
    const finish = (): void => {
      socket.destroy();
      const statuses = [...text.matchAll(/HTTP\/1\.1 (\d{3})/g)].map(([, status]) => Number(status));
      resolve(statuses.slice(0, raws.length));
    };
    socket.on('connect', () => socket.write(raws.join('')));
    socket.on('data', (bytes) => {
      text += bytes.toString('latin1');
      if ((text.match(/HTTP\/1\.1 \d{3}/g) ?? []).length >= raws.length) finish();
    });
    socket.on('error', finish);
    socket.on('close', finish);
  });
}
