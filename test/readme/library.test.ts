import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';

const run = promisify(execFile);

interface Block {
  readonly title: string;
  readonly text: string;
  /** What its last lines say that it prints. */
  readonly prints: readonly string[];
}

/** The TypeScript blocks of a document, each by the heading above it. */
function blocksOf(file: string): readonly Block[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/```ts\n([\s\S]*?)```/g)].map(({ 1: block = '', index }) => {
    const heading =
      text
        .slice(0, index)
        .match(/^## .*$/gm)
        ?.at(-1) ?? '';
    return {
      title: heading.slice(3),
      text: block,
      prints: Array.from(block.matchAll(/^\/\/ prints (.*)$/gm), ([, line = '']) => line),
    };
  });
}

/** Runs a block as a program of its own, in which `triggerd` is the package as it is built. */
async function outputOf({ text }: Block): Promise<readonly string[]> {
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', text]);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.trimEnd());
}

const embedding = blocksOf('README.md').filter(({ title }) => title === 'Embedding in ten lines');
const library = blocksOf('docs/library.md');

describe.each<[string, readonly Block[]]>([
  ['README', embedding],
  ['docs/library.md', library],
])('the examples of %s', (_file, blocks) => {
  test('are found, and say what they print', () => {
    expect(blocks.length).toBeGreaterThan(0);
    for (const { text, prints } of blocks) {
      expect(text).toContain("from 'triggerd'");
      expect(prints.length).toBeGreaterThan(0);
    }
  });

  test.each(blocks)('$title: runs as it stands, and prints that', async (block) => {
    expect(await outputOf(block)).toEqual(block.prints);
  });
});

test('the engine is embedded in ten lines', () => {
  const lines = embedding[0]?.text.trimEnd().split('\n') ?? [];
  expect(lines.length).toBeLessThanOrEqual(10);
});

test('every file that the documents link to is there', () => {
  const documents = ['docs/library.md', 'docs/daemon.md', 'docs/semantics.md', 'docs/reference.md'];
  const pages = Array.from(
    readFileSync('docs/reference.md', 'utf8').matchAll(/\]\((reference\/[^)#]+)\)/g),
    ([, page = '']) => `docs/${page}`,
  );
  expect(pages.length).toBeGreaterThan(8);
  for (const file of [...documents, ...pages]) {
    const folder = file.slice(0, file.lastIndexOf('/') + 1);
    const text = readFileSync(file, 'utf8');
    for (const [, target = '', anchor] of text.matchAll(/\]\(([^)#]*)(?:#([^)]+))?\)/g)) {
      if (target.startsWith('http')) continue;
      const linked = target === '' ? text : readFileSync(folder + target, 'utf8');
      if (anchor !== undefined) expect(anchorsOf(linked), `${file} → ${target}#${anchor}`).toContain(anchor);
    }
  }
});

/** Where links into a document may lead, as GitHub names them. */
function anchorsOf(text: string): readonly string[] {
  return Array.from(text.matchAll(/^#+ (.*)$/gm), ([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}
