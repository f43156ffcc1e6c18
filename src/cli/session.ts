import type { App, RunIo } from '../engine/api.js';
import type { CommandContext } from './command.js';
import { COMMANDS } from './command-table.js';
import { describeFailure } from './failure.js';
import { createStyle, PIPE_WIDTH, type Style } from './output/style.js';
import { createProgram } from './program.js';
import { createProgress } from './progress.js';
import { OutputClosed, type Streams, type TextSink } from './streams.js';
import { usageFault } from './usage.js';
import { beforeTerminator } from './terminator.js';
import { packageVersion } from './version.js';

const FALLBACK_COLUMNS = 80;

/** One command line, and what it runs with. */
export interface Session {
  readonly argv: readonly string[];
  readonly streams: Streams;
  /** null = the real application. */
  readonly createApp: ((io: RunIo) => App) | null;
  /** True when the process is ours to end. */
  readonly ownsProcess: boolean;
}

/** Runs one command line to its end: parses, runs the command, prints what fails. Never throws. */
export async function runSession({ argv, streams, createApp, ownsProcess }: Session): Promise<number> {
  const { stdout, stderr, environment } = streams;
  const options = beforeTerminator(argv);
  const verbose = options.includes('--verbose') || Boolean(environment['TRIGGERD_DEBUG']);
  const colourWanted = !options.includes('--no-color');
  if (ownsProcess) {
    // What escapes every promise would end the process with Node's own trace and code.
    process.once('uncaughtException', (error) => process.exit(fail(error, streams, colourWanted, verbose)));
  }
  let exitCode: number;
  try {
    exitCode = await dispatch(argv, streams, colourWanted, createApp);
    stdout.flush();
  } catch (error) {
    exitCode = fail(error, streams, colourWanted, verbose);
  }
  quietly(() => stderr.flush());
  return exitCode;
}

function quietly(write: () => void): void {
  try {
    write();
  } catch {
    // Nobody reads it: there is no one left to tell.
  }
}

function fail(error: unknown, streams: Streams, colourWanted: boolean, verbose: boolean): number {
  if (error instanceof OutputClosed) return 0;
  const failure = describeFailure(error, styleFor(streams.stderr, streams, colourWanted), verbose);
  // Results that were decided before the failure are results. Either stream may be gone; the exit code is left.
  quietly(() => streams.stdout.flush());
  quietly(() => {
    streams.stderr.write(failure.text);
    streams.stderr.flush();
  });
  return failure.exitCode;
}

async function dispatch(
  argv: readonly string[],
  streams: Streams,
  colourWanted: boolean,
  createApp: Session['createApp'],
): Promise<number> {
  const { stdout, stderr } = streams;
  let exitCode = 0;
  const program = await createProgram(argv, {
    writeHelp: (text) => stdout.write(text),
    helpWidth: stdout.columns || FALLBACK_COLUMNS,
    async run(command, input) {
      const progress = createProgress(stderr, streams.elapsedMs);
      try {
        exitCode = await command.run(input, contextFor(streams, colourWanted, progress, createApp));
      } finally {
        progress.clear();
      }
    },
  });
  if (argv.length === 0) {
    stderr.write(program.helpInformation());
    return 2;
  }
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    const fault = usageFault(error, argv);
    if (fault === 'help') return 0;
    throw fault ?? error;
  }
  return exitCode;
}

function contextFor(
  streams: Streams,
  colourWanted: boolean,
  progress: ReturnType<typeof createProgress>,
  createApp: Session['createApp'],
): CommandContext {
  const { stdout, stderr } = streams;
  const noteStyle = styleFor(stderr, streams, colourWanted);
  return {
    out(text) {
      progress.clear();
      stdout.write(text);
    },
    note(text) {
      progress.clear();
      stderr.write(text);
    },
    style: styleFor(stdout, streams, colourWanted),
    noteStyle,
    stdinIsTerminal: streams.stdinIsTerminal,
    get stdin() {
      return streams.stdin;
    },
    environment: streams.environment,
    now: () => streams.now(),
    wait: (delayMs) => streams.wait(delayMs),
    version: packageVersion(),
    commands: COMMANDS,
    async app() {
      const create = createApp ?? (await import('../app/compose.js')).createApp;
      return create({
        get stdin() {
          return streams.stdin;
        },
        onProgress: progress.onProgress,
      });
    },
  };
}

/** Colours as NO_COLOR (no-color.org) and FORCE_COLOR ask, else on a terminal that knows them. */
function styleFor(sink: TextSink, { environment }: Streams, colourWanted: boolean): Style {
  const force = environment['FORCE_COLOR'];
  const asked = force !== undefined && force !== '' && force !== '0' && force !== 'false';
  const able = sink.isTerminal && environment['TERM'] !== 'dumb' && force !== '0' && force !== 'false';
  return createStyle({
    colour: colourWanted && !environment['NO_COLOR'] && (asked || able),
    terminal: sink.isTerminal,
    width: sink.columns || (sink.isTerminal ? FALLBACK_COLUMNS : PIPE_WIDTH),
  });
}
