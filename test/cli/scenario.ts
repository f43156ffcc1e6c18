/** One command line, the files it finds, and what it must answer. */
export interface Scenario {
  readonly command: string;
  readonly files: ReadonlyMap<string, string>;
  readonly stdin: string;
  readonly status: number;
  /** null = not compared. */
  readonly stdout: string | null;
  readonly stderr: string | null;
}

const SECTIONS = ['about', 'files', 'stdin', 'command', 'status', 'stdout', 'stderr'] as const;

/**
 * Reads a scenario: sections headed `====name====`. `files` holds each file behind a line `--- path`; `status` is 0 when
 * left out. Throws on a section it does not know.
 */
export function parseScenario(text: string): Scenario {
  const sections = new Map<string, string>();
  const [before, ...parts] = text.split(/^====(.+)====\n/m);
  if (before?.trim()) throw new Error('text before the first section');
  for (let i = 0; i < parts.length; i += 2) {
    const name = parts[i] ?? '';
    if (!SECTIONS.some((known) => known === name) || sections.has(name))
      throw new Error(`section ${name} is not known, or stands there twice`);
    sections.set(name, parts[i + 1] ?? '');
  }
  const command = sections.get('command')?.trim();
  if (command === undefined) throw new Error('there is no command section');
  const [, ...files] = (sections.get('files') ?? '').split(/^--- (.+)\n/m);
  return {
    command,
    files: new Map(
      Array.from({ length: files.length / 2 }, (_, i) => [files[2 * i] ?? '', files[2 * i + 1] ?? '']),
    ),
    stdin: sections.get('stdin') ?? '',
    status: Number(sections.get('status')?.trim() ?? '0'),
    stdout: sections.get('stdout') ?? null,
    stderr: sections.get('stderr') ?? null,
  };
}

/** The words of `triggerd …`, split as a shell would: at spaces outside of quotes. The program's name is left out. */
export function words(command: string): readonly string[] {
  const [program, ...rest] = Array.from(command.matchAll(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g), ([word]) =>
    word.replaceAll(/'([^']*)'|"([^"]*)"/g, '$1$2'),
  );
  if (program !== 'triggerd') throw new Error(`a scenario runs triggerd, not ${program}`);
  return rest;
}
