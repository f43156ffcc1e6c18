import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { createCapture, type Capture } from '../capture.js';
import { codeOf } from '../failure.js';
import { killMarked } from './escaped.js';
import { groupRuns, signalGroup } from './group.js';

/** How long a group has to end between being asked to and being made to. */
const ASKED_MS = 1_000;
/** How often is looked whether a group that was asked to end has. */
const LOOK_MS = 100;
/**
 * The pipes of a process that ended are read until they are closed, or nothing came for so long, but so many times at most:
 * somebody outside of its group may hold them open.
 */
const QUIET_MS = 100;
const MAX_ROUNDS = 5;
/** What is kept of descriptor 3, bytes: more than any result that is passed on, however its characters are escaped. */
const RESULT_BYTES = 1_048_576;

/** The variable by which the processes of one run are found again. */
const MARK = 'TRIGGERD_RUN';

export interface ChildRequest {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
  readonly input: string;
}

export interface ChildEnd {
  /** `never-started`: by an error with this code. `unkillable`: it did not end although it was killed. */
  readonly how: 'exited' | 'signalled' | 'never-started' | 'unkillable';
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly errorCode: string | null;
  /** It was told to end. */
  readonly aborted: boolean;
  readonly stdout: Capture;
  readonly stderr: Capture;
  /** What it wrote to descriptor 3. */
  readonly result: Capture;
}

/**
 * Runs a program in a process group of its own and resolves when its first process has ended; what is left of the group is
 * then killed, so that nothing runs on in the background of a launch that is over. When `signal` aborts, the group is asked
 * to end, and killed a second later together with what left the group. A process that went into a session of its own outlives
 * a launch that ends by itself: that is how a command leaves something running on purpose.
 *
 * Output beyond what is kept is read and thrown away: a full pipe would stop the program.
 */
export function runChild(request: ChildRequest, signal: AbortSignal): Promise<ChildEnd> {
  const stdout = createCapture();
  const stderr = createCapture();
  const result = createCapture(RESULT_BYTES);
  const captures = { stdout, stderr, result };
  const notStarted = (cause: unknown): ChildEnd => ({
    ...captures,
    how: 'never-started',
    status: null,
    signal: null,
    errorCode: codeOf(cause),
    aborted: signal.aborted,
  });

  // Not the launch: another daemon with the same rules gives its launches the same ids.
  const mark = randomUUID();
  let child: ChildProcess;
  try {
    child = spawn(request.program, request.args, {
      cwd: request.cwd,
      env: { ...request.environment, [MARK]: mark },
      detached: true,
      shell: false,
      windowsHide: true,
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
    });
  } catch (cause) {
    return Promise.resolve(notStarted(cause));
  }

  return new Promise<ChildEnd>((resolve) => {
    let exit: { readonly status: number | null; readonly signal: NodeJS.Signals | null } | undefined;
    let settled = false;
    let received = 0;
    let closed = false;
    let killed = false;
    let escaped: Promise<void> | undefined;
    const groupId = child.pid;
    const settle = (end: ChildEnd): void => {
      if (settled) return;
      settled = true;
      signal.removeEventListener('abort', tellToEnd);
      for (const stream of child.stdio) stream?.destroy();
      void Promise.resolve(escaped).then(() => resolve(end));
    };
    const finish = (): void =>
      settle({
        ...captures,
        how: exit === undefined ? 'unkillable' : exit.signal === null ? 'exited' : 'signalled',
        status: exit?.status ?? null,
        signal: exit?.signal ?? null,
        errorCode: null,
        aborted: signal.aborted,
      });
    // A busy loop may have been late to read what is there: at least one whole round of it has to pass.
    const drain = (round: number, receivedBefore: number): void =>
      afterMs(QUIET_MS, () => {
        if (settled) return;
        const quiet = exit !== undefined && round > 1 && received === receivedBefore;
        if (round === MAX_ROUNDS || quiet) finish();
        else drain(round + 1, received);
      });
    const killRest = (): void => {
      if (settled || killed) return;
      killed = true;
      if (groupId !== undefined) signalGroup(groupId, 'SIGKILL');
      if (signal.aborted) escaped = killMarked(`${MARK}=${mark}`);
      if (closed) finish();
      else drain(1, received);
    };
    /** Asked to end, the others of the group have the rest of their second. */
    const killOnceAlone = async (): Promise<void> => {
      const othersRun = signal.aborted && groupId !== undefined && (await groupRuns(groupId));
      if (!othersRun) killRest();
      else if (!killed) afterMs(LOOK_MS, () => void killOnceAlone());
    };
    const tellToEnd = (): void => {
      // Not started, or ended already and being drained.
      if (groupId === undefined || exit !== undefined) return;
      signalGroup(groupId, 'SIGTERM');
      afterMs(ASKED_MS, killRest);
    };

    child.on('error', (cause) => {
      if (groupId === undefined) settle(notStarted(cause));
    });
    child.on('exit', (status, bySignal) => {
      exit = { status, signal: bySignal };
      void killOnceAlone();
    });
    child.on('close', () => {
      closed = true;
      if (killed) finish();
    });
    [stdout, stderr, result].forEach((capture, index) => {
      const stream = child.stdio[index + 1] as Readable | null | undefined;
      stream?.on('data', (chunk: Buffer) => {
        received += chunk.length;
        capture.add(chunk);
      });
      // A pipe that breaks has ended: what came before is kept.
      stream?.on('error', () => {});
    });
    // A program that does not read its input, or stops reading, is in its right: EPIPE is no failure of it.
    child.stdin?.on('error', () => {});
    child.stdin?.end(request.input);
    signal.addEventListener('abort', tellToEnd, { once: true });
    if (signal.aborted) tellToEnd();
  });
}

/** Real processes end in real time: no test can move it by hand, so this is no argument. */
function afterMs(delayMs: number, callback: () => void): void {
  AbortSignal.timeout(delayMs).addEventListener('abort', callback, { once: true });
}
