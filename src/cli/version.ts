import { readFileSync } from 'node:fs';

let version: string | undefined;

/** The version in package.json, which stands two folders above both src/cli and dist/cli. */
export function packageVersion(): string {
  if (version === undefined) {
    const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
    version = (JSON.parse(text) as { readonly version: string }).version;
  }
  return version;
}
