/**
 * What runs in a module's process: reads `{ url, name, input, launch, limit, margin }` from standard input, calls the
 * function, and writes `{ returned }` (a JSON text), `{ cut }` (the beginning of one that is over the limit) or
 * `{ failed, never }` as one JSON value to descriptor 3. A text, because a process needs
 * a file or a text to begin with, and only the text is the same in a bundle, in a package and in the sources.
 *
 * It ends the process when the function is done: a timer or connection that the module left open would keep it. Standard
 * output is written out first, since ending does not wait for pipes.
 */
export const RUNNER = `
import { readFileSync, writeSync } from 'node:fs';

const exit = process.exit.bind(process);
const stringify = JSON.stringify;
const { url, name, input, launch, limit, margin } = JSON.parse(readFileSync(0, 'utf8'));

const write = (bytes) => {
  for (let done = 0; done < bytes.length; ) {
    try {
      done += writeSync(3, bytes, done);
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
    }
  }
};
const flushed = (stream) => new Promise((resolve) => stream.write('', () => resolve()));
const report = async (message) => {
  write(Buffer.from(stringify(message)));
  await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
  exit(0);
};
const words = (thrown) => {
  try {
    if (thrown instanceof Error) return thrown.name + ': ' + thrown.message;
    return typeof thrown === 'string' ? thrown : stringify(thrown) ?? String(thrown);
  } catch {
    return 'something without words';
  }
};
const failed = (what, never) => report({ failed: what.slice(0, limit), never });

const called = async () => {
  let found;
  try {
    found = (await import(url))[name];
  } catch (error) {
    return failed('it could not be loaded: ' + words(error), false);
  }
  if (typeof found !== 'function') return failed('it has no function ' + name + ' among its exports', true);
  let value;
  try {
    value = await found(input, launch);
  } catch (error) {
    return failed('it threw ' + words(error), false);
  }
  let text;
  try {
    text = value === undefined ? 'null' : stringify(value);
  } catch (error) {
    return failed('it returned what JSON cannot carry: ' + words(error), true);
  }
  if (text === undefined) return failed('it returned a ' + typeof value + ', which JSON cannot carry', true);
  return report(text.length > limit ? { cut: text.slice(0, limit + margin) } : { returned: text });
};
await called();
`;
