import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readSettings, SETTING_ENTRIES } from '../../src/app/settings.js';

/** The YAML blocks of a document. */
function blocksOf(file: string): readonly string[] {
  return Array.from(readFileSync(file, 'utf8').matchAll(/```yaml\n([\s\S]*?)```/g), ([, text = '']) => text);
}

const settingsOf = (text: string): unknown =>
  readSettings({ flags: {}, environment: {}, readFile: () => text, cwd: '/etc/triggerd' }).settings;

test('what docs/daemon.md shows as settings are settings', () => {
  const files = blocksOf('docs/daemon.md').filter((text) => text.startsWith('# triggerd.yaml'));
  expect(files.length).toBeGreaterThan(1);
  for (const text of files) expect(() => settingsOf(text), text).not.toThrow();
});

test('every setting has its example on the page of settings', () => {
  const page = readFileSync('docs/reference/settings.md', 'utf8');
  for (const [, { name, flag, argument, environment }] of SETTING_ENTRIES) {
    const section = page.split(`\n## ${name}\n`)[1]?.split('\n## ')[0] ?? '';
    expect(section, name).toContain('```yaml');
    if (flag !== null && !argument) expect(section).toContain(`--${flag}`);
    if (environment !== null) expect(section).toContain(environment);
  }
});
