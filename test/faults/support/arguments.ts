import { parseArgs } from 'node:util';

/** Numbers and words given as `--name value`; ends the process with 2 and a list of the names for anything else. */
export function readArguments<T extends Readonly<Record<string, number | string>>>(defaults: T): T {
  try {
    const options = Object.fromEntries(
      Object.keys(defaults).map((name) => [name, { type: 'string' as const }]),
    );
    const { values } = parseArgs({ options });
    const read: Record<string, number | string> = { ...defaults };
    for (const [name, text] of Object.entries(values)) {
      if (typeof text !== 'string') continue;
      read[name] = typeof defaults[name] === 'number' ? Number(text) : text;
      if (Number.isNaN(read[name])) throw new Error(`--${name} is a number`);
    }
    return read as T;
  } catch (error) {
    process.stderr.write(`${String(error)}\n${JSON.stringify(defaults)}\n`);
    process.exit(2);
  }
}
