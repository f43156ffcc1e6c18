import type { App, RunIo } from '../engine/api.js';
import type { CommandContext } from './command.js';
import { describeFailure } from './failure.js';
import { createStyle, PIPE_WIDTH, type Style } from './output/style.js';
import { processStreams } from './process-streams.js';
import { createProgress } from './progress.js';
import { OutputClosed, type Streams, type TextSink } from './streams.js';
import { packageVersion } from './version.js';

/** What a caller other than the shell puts in place of the process. */
export interface MainOverrides {
  readonly streams?: Streams;
  readonly createApp?: (io: RunIo) => App;
}

const FALLBACK_COLUMNS = 80;

/** Runs one command line (without `node` and the script) and returns its exit code; never throws. */
export async function main(argv: readonly string[], overrides: MainOverrides = {}): Promise<number> {
  const streams = overrides.streams ?? processStreams();
  const { stdout, stderr, environment } = streams;
  const options = beforeTerminator(argv);
  const verbose = options.includes('--verbose') || Boolean(environment['TRIGGERD_DEBUG']);
  const colourWanted = !options.includes('--no-color');
  if (overrides.streams === undefined) {
    // What escapes every promise would end the process with Node's own trace and code.
    process.once('uncaughtException', (error) => process.exit(fail(error, streams, colourWanted, verbose)));
  }
  let exitCode: number;
  try {
    exitCode = await dispatch(argv, streams, colourWanted, overrides.createApp);
    stdout.flush();
  } catch (error) {
    exitCode = fail(error, streams, colourWanted, verbose);
  }
  try {
    stderr.flush();
  } catch {
    // Nobody reads standard error: the exit code has to say it all.
  }
  return exitCode;
}

/** The words that may be options: all up to `--`. */
function beforeTerminator(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  return end < 0 ? argv : argv.slice(0, end);
}

function fail(error: unknown, streams: Streams, colourWanted: boolean, verbose: boolean): number {
  if (error instanceof OutputClosed) return 0;
  const failure = describeFailure(error, styleFor(streams.stderr, streams, colourWanted), verbose);
  try {
    // Results that were decided before the failure are results.
    streams.stdout.flush();
    streams.stderr.write(failure.text);
    streams.stderr.flush();
  } catch {
    // Both streams may be gone; the exit code is left.
  }
  return failure.exitCode;
}

async function dispatch(
  argv: readonly string[],
  streams: Streams,
  colourWanted: boolean,
  createApp: MainOverrides['createApp'],
): Promise<number> {
  const { stdout, stderr } = streams;
  if (beforeTerminator(argv).some((word) => word === '--version' || word === '-V')) {
    stdout.write(`${packageVersion()}\n`);
    return 0;
  }
  const { createProgram } = await import('./program.js');
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
    const { usageFault } = await import('./usage.js');
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
  createApp: MainOverrides['createApp'],
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
    version: packageVersion(),
    async app() {
      const create = createApp ?? (await import('../app/compose.js')).createApp;
      return create({
        get stdin() {
          if (streams.stdinIsTerminal)
            stderr.write(noteStyle.dim('reading events from the terminal; Ctrl-D ends them\n'));
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
