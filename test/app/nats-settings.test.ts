import { describe, expect, test } from 'vitest';
import { printSettings, readSettings } from '../../src/app/settings.js';
import type { SettingsInvalid } from '../../src/app/settings/settings-fault.js';
import { Fault } from '../../src/kernel/fault.js';
import { loadText } from '../../src/load/load-text.js';

const read = (file: string, environment: Readonly<Record<string, string>> = {}) =>
  readSettings({
    flags: {},
    environment,
    cwd: '/home',
    readFile: (path) => (path === '/home/triggerd.yaml' ? file : null),
  });

function fault(file: string, environment: Readonly<Record<string, string>> = {}): SettingsInvalid {
  try {
    read(file, environment);
  } catch (error) {
    if (error instanceof Fault && error.code === 'settings') return error as SettingsInvalid;
    throw error;
  }
  throw new Error('the settings were taken');
}

/** Everything a person is shown of it. */
const shown = (error: SettingsInvalid): string =>
  JSON.stringify([error.message, error.hint, error.diagnostics]);

const stream = 'servers: ["nats://a:4222", "tls://[::1]"], stream: ORDERS';

describe('a stream of NATS', () => {
  test('is none when nothing is said of it', () => {
    expect(read('').settings.sources.nats).toBeNull();
  });

  test('is read with its defaults', () => {
    expect(read(`sources: { nats: { ${stream} } }`).settings.sources.nats).toEqual({
      servers: ['nats://a:4222', 'tls://[::1]'],
      stream: 'ORDERS',
      subjects: [],
      durable: 'triggerd',
      user: null,
      password: null,
      token: null,
      credentials: null,
    });
  });

  test('may come from the environment, and its credentials are a file beside the settings', () => {
    const environment = {
      TRIGGERD_SOURCES_NATS_SERVERS: 'nats://a,nats://b',
      TRIGGERD_SOURCES_NATS_STREAM: 'ORDERS',
      TRIGGERD_SOURCES_NATS_SUBJECTS: 'orders.>,audit.*',
      TRIGGERD_SOURCES_NATS_USER: 'reader',
      TRIGGERD_SOURCES_NATS_PASSWORD: 'pass-word',
    };
    expect(read('', environment).settings.sources.nats).toMatchObject({
      servers: ['nats://a', 'nats://b'],
      subjects: ['orders.>', 'audit.*'],
      user: 'reader',
      password: 'pass-word',
    });
    const { nats } = read(`sources: { nats: { ${stream}, credentials: nats.creds } }`).settings.sources;
    expect(nats?.credentials).toBe('/home/nats.creds');
  });

  test('is printed as a settings file has it, without its secrets', () => {
    const file = `sources:\n  nats:\n    servers: [nats://a]\n    stream: ORDERS\n    token: to-ken-1\n`;
    const printed = printSettings(read(file, { TRIGGERD_SOURCES_NATS_DURABLE: 'other' }).origins);
    expect(printed).not.toContain('to-ken-1');
    const { documents, diagnostics } = loadText('printed.yaml', printed);
    expect(diagnostics).toEqual([]);
    expect(documents[0]?.value).toMatchObject({
      sources: {
        stdin: false,
        nats: { servers: ['nats://a'], stream: 'ORDERS', durable: 'other', token: 'hidden', password: null },
      },
    });
  });

  test.each<[what: string, map: string, problem: string]>([
    ['servers without a stream', 'servers: [nats://a]', 'sources.nats.servers needs sources.nats.stream'],
    ['a stream without servers', 'stream: ORDERS', 'sources.nats.stream needs sources.nats.servers'],
    ['a token alone', 'token: x', 'sources.nats.token needs sources.nats.servers and sources.nats.stream'],
    ['subjects alone', 'subjects: [a]', 'sources.nats.subjects needs sources.nats.servers'],
    ['a user without a password', `${stream}, user: a`, 'sources.nats.user needs sources.nats.password'],
    ['a password without a user', `${stream}, password: a`, 'sources.nats.password needs sources.nats.user'],
    ['two logins', `${stream}, token: a, credentials: b`, 'sources.nats holds token and credentials'],
  ])('with %s is refused', (_what, map, problem) => {
    const error = fault(`sources: { nats: { ${map} } }`);
    expect(error.message).toContain(problem);
    expect(error.hint).toMatch(/.{10,}/);
  });

  test.each<[what: string, map: string]>([
    ['a server of another sort', 'servers: [http://a], stream: S'],
    ['a server with a login', 'servers: ["nats://me:pass-word@a"], stream: S'],
    ['a stream with a dot', 'servers: [nats://a], stream: a.b'],
    ['a stream with a wildcard', 'servers: [nats://a], stream: "*"'],
    ['an empty durable', 'servers: [nats://a], stream: S, durable: ""'],
    ['a subject with an empty part', 'servers: [nats://a], stream: S, subjects: [a..b]'],
    ['a subject that goes on behind its end', 'servers: [nats://a], stream: S, subjects: ["a.>.b"]'],
    ['a subject with a space', 'servers: [nats://a], stream: S, subjects: ["a b"]'],
    ['an empty password', 'servers: [nats://a], stream: S, user: a, password: ""'],
    ['a key that is none', 'servers: [nats://a], stream: S, pasword: pass-word'],
  ])('with %s is refused where it stands', (_what, map) => {
    const error = fault(`sources:\n  nats: { ${map} }\n`);
    expect(error.diagnostics).toHaveLength(1);
    expect(error.diagnostics[0]?.line).toBe(2);
    expect(shown(error)).not.toContain('pass-word');
  });

  test.each<[what: string, file: string]>([
    ['of another setting in its line', `sources: { stdn: true, nats: { ${stream}, token: to-ken-1 } }`],
    ['of its neighbour', `sources: { nats: { ${stream}, token: to-ken-1, durable: "" } }`],
    ['of its name', `sources: { nats: { ${stream}, tokn: to-ken-1 } }`],
    ['of its type', `sources: { nats: { ${stream}, token: [to-ken-1] } }`],
    ['of its company', `sources: { nats: { ${stream}, token: to-ken-1, credentials: x } }`],
  ])('a secret is not shown with a complaint %s', (_what, file) => {
    expect(shown(fault(file))).not.toContain('to-ken-1');
  });

  test('a secret of the environment is not shown with a complaint about it', () => {
    const error = fault('', {
      TRIGGERD_SOURCES_NATS_PASSWORD: 'pass-word',
      TRIGGERD_SOURCES_NATS_STREAM: 'a b',
    });
    expect(shown(error)).not.toContain('pass-word');
  });
});
