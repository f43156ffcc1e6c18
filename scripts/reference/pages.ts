import type { CommandEntry } from '../../src/cli/command.js';
import type { JsonSchema } from '../../src/ports/condition-kind.js';
import { codesPage } from './codes-page.js';
import { commandsPage } from './commands-page.js';
import { httpPage } from './http-page.js';
import { conditionsPage, executorsPage, fieldTestsPage, templatesPage } from './language-pages.js';
import { document, table, type Page } from './markdown.js';
import { metricsPage } from './metrics-page.js';
import { rulesPage } from './rules-page.js';
import type { Definitions } from './schema-fields.js';
import { settingsPage } from './settings-page.js';
import { streamPage } from './stream-page.js';

/** The reference: docs/reference.md, which leads to the pages in docs/reference/, each by its path below `root`. */
export async function referencePages(
  root: string,
  ruleFileSchema: JsonSchema,
  commands: readonly CommandEntry[],
): Promise<ReadonlyMap<string, string>> {
  const definitions = ruleFileSchema['$defs'] as Definitions;
  const language = [
    rulesPage(definitions),
    fieldTestsPage(),
    conditionsPage(definitions),
    templatesPage(),
    executorsPage(definitions),
  ];
  const operation = [
    await commandsPage(commands),
    settingsPage(),
    httpPage(`${root}src/server`),
    streamPage(),
  ];
  const rest = [metricsPage(`${root}src`), codesPage()];
  return new Map([
    ['docs/reference.md', document('Reference', indexParts(language, [...operation, ...rest]))],
    ...[...language, ...operation, ...rest].map(
      ({ name, title, parts }) => [`docs/reference/${name}.md`, document(title, parts)] as const,
    ),
  ]);
}

function indexParts(language: readonly Page[], operation: readonly Page[]): readonly string[] {
  const list = (pages: readonly Page[]): string =>
    table(
      ['page', 'what is on it'],
      pages.map(({ name, title, about }) => [`[${title}](reference/${name}.md)`, about]),
    );
  return [
    'Everything there is, made from the tables and schemas that triggerd itself works by. What exactly happens is in [semantics](semantics.md), how to run the daemon in [daemon](daemon.md), how to embed the engine in [library](library.md).',
    '## The rule language',
    list(language),
    '## Running it',
    list(operation),
  ];
}
