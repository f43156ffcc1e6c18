import { SETTING_ENTRIES } from '../../src/app/settings/table.js';
import type { Setting } from '../../src/app/settings/setting.js';
import { block, code, type Page, sentence, table, yaml } from './markdown.js';

/** Every setting of the daemon. */
export function settingsPage(): Page {
  const settings = SETTING_ENTRIES.map(([, setting]) => setting);
  return {
    name: 'settings',
    title: 'Settings of the daemon',
    about: 'every setting: in the file, as an option, as an environment variable',
    parts: [
      'A setting is taken from the command line, else from the environment, else from the settings file, else it has its default. The file is the one that `--config` or `TRIGGERD_CONFIG` names, or `./triggerd.yaml` if it is there. `triggerd run --print-config` prints every setting with its value and where it comes from. A name with a dot stands in a map:',
      yaml({ retention: { age: '90d', bytes: '20GiB' } }),
      'Durations are written like `250ms`, `30s`, `5m`, `1h30m`, `1d`; sizes like `512KiB`, `8MiB`, `20GiB`, or as a number of bytes. In the environment a list is written with commas. Relative paths in the file start at its folder.',
      table(
        ['setting', 'default', 'meaning'],
        settings.map((setting) => [
          `[${code(setting.name)}](#${anchor(setting.name)})`,
          defaultOf(setting),
          sentence(setting.description),
        ]),
      ),
      ...settings.flatMap(section),
      '## Tokens',
      'A token is any long random text. The settings hold its SHA-256 alone, so that whoever reads them cannot use it:',
      block('sh', 'TOKEN=$(openssl rand -hex 32)\nprintf %s "$TOKEN" | sha256sum'),
      'The environment variable `TRIGGERD_TOKEN` gives the daemon one token with all scopes, and clients the token they send.',
    ],
  };
}

function section(setting: Setting<unknown>): readonly string[] {
  return [
    `## ${setting.name}`,
    sentence(setting.description),
    table(
      ['takes', 'default', 'command line', 'environment'],
      [[setting.type.words, defaultOf(setting), commandLine(setting), environment(setting)]],
    ),
    yaml(nested(setting.name.split('.'), setting.example)),
  ];
}

function commandLine({ flag, argument, type }: Setting<unknown>): string {
  if (argument) return 'the argument';
  if (flag === null) return '–';
  const option = code(`--${flag}${type.placeholder === null ? '' : ` ${type.placeholder}`}`);
  return type.repeatable ? `${option}, several times for several` : option;
}

function environment({ environment: name }: Setting<unknown>): string {
  return name === null ? '–' : code(name);
}

function defaultOf(setting: Setting<unknown>): string {
  const written = setting.type.write(setting.default);
  if (written === null) return 'none';
  if (Array.isArray(written) && written.length === 0) return 'none';
  return code(typeof written === 'string' ? written : JSON.stringify(written));
}

function nested(names: readonly string[], value: unknown): unknown {
  return names.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value);
}

function anchor(name: string): string {
  return name.replaceAll('.', '');
}
