import type { SMTPServerOptions } from 'smtp-server';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../src/kernel/json.js';
import { mailServerOf } from '../../src/executors/email/mail-server.js';
import { mailOf } from '../../src/executors/email/mail.js';
import { sendMail } from '../../src/executors/email/send.js';
import { attempting, everything, host, NOW, outputOf, run, SECRET } from './harness.js';
import { answer, mailTo, serveLines, serveMail, type MailServer, type ReceivedMail } from './mail-harness.js';
import { selfSigned } from './certificate.js';

const MESSAGE_ID = '<launch-0123456789abcdef@triggerd>';
const tls = selfSigned();

let plain: MailServer;
let logins: MailServer;
let encrypting: MailServer;
let encrypted: MailServer;
let untouched: Awaited<ReturnType<typeof serveLines>>;
beforeAll(async () => {
  const onAuth: NonNullable<SMTPServerOptions['onAuth']> = ({ username, password }, _session, callback) =>
    username === 'triggerd' && password === SECRET
      ? callback(null, { user: username })
      : callback(answer(535, `no such login: ${password}`));
  plain = await serveMail(
    {
      onRcptTo: ({ address }, _session, callback) => {
        const code = /^code(\d+)/.exec(address)?.[1];
        callback(code === undefined ? null : answer(Number(code), `no mailbox ${address}`));
      },
    },
    ({ mail }) => {
      const code = /^answer (\d+)/.exec(mail.subject ?? '')?.[1];
      return code === undefined ? 'queued as 4711' : answer(Number(code), 'as you wish');
    },
  );
  logins = await serveMail({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    authOptional: false,
    onAuth,
  });
  encrypting = await serveMail({ disabledCommands: [], ...tls, authOptional: false, onAuth });
  encrypted = await serveMail({ secure: true, ...tls });
  untouched = await serveLines('220 hi\r\n');
});
afterAll(() => {
  for (const server of [plain, logins, encrypting, encrypted, untouched]) server.close();
});
beforeEach(() => {
  for (const server of [plain, logins, encrypting, encrypted]) server.received.length = 0;
});
const only = ({ received }: MailServer): ReceivedMail => {
  expect(received).toHaveLength(1);
  return received[0] as ReceivedMail;
};

describe('a mail', () => {
  test('arrives with its texts, its people and what tells it from others', async () => {
    const outcome = await run(
      'email',
      mailTo(plain, {
        to: ['Jürgen Müller <jm@example.com>', '"Doe, Jane" <jane@example.com>'],
        cc: 'team@müller.example',
        bcc: ['archive@example.com'],
        reply_to: 'help@example.com',
        subject: 'Kasse fällt aus – 日本 🔥',
        text: 'Größe: 5\n.\n..zwei Punkte\nFrom here on\n',
        html: '<p>5 &lt; <b>6</b> ü</p>',
      }),
    );
    const { mail, from, to, raw } = only(plain);
    expect(outcome).toEqual({
      ok: true,
      output: {
        message_id: MESSAGE_ID,
        accepted: ['jm@example.com', 'jane@example.com', 'team@xn--mller-kva.example', 'archive@example.com'],
        rejected: [],
        response: '250 queued as 4711',
      },
    });
    // The server shows domains as people read them.
    expect([from, to]).toEqual([
      'triggerd@example.com',
      ['jm@example.com', 'jane@example.com', 'team@müller.example', 'archive@example.com'],
    ]);
    expect(mail.subject).toBe('Kasse fällt aus – 日本 🔥');
    expect(mail.text?.trimEnd()).toBe('Größe: 5\n.\n..zwei Punkte\nFrom here on');
    expect(mail.html).toBe('<p>5 &lt; <b>6</b> ü</p>');
    expect([mail.to].flat()[0]?.value).toEqual([
      { name: 'Jürgen Müller', address: 'jm@example.com' },
      { name: 'Doe, Jane', address: 'jane@example.com' },
    ]);
    expect(mail.replyTo?.text).toBe('help@example.com');
    expect(mail.from?.value).toEqual([{ name: 'triggerd', address: 'triggerd@example.com' }]);
    expect(mail.messageId).toBe(MESSAGE_ID);
    expect(mail.date?.getTime()).toBe(NOW);
    expect(mail.headers.get('x-triggerd-launch')).toBe('launch-0123456789abcdef');
    expect(mail.headers.get('auto-submitted')).toBe('auto-generated');
    expect(raw).not.toContain('archive@example.com');
  });

  test('takes its recipients from a template that made a list, and nobody from one that made nothing', async () => {
    const written = mailTo(plain, {
      to: '{{ input.people }}',
      cc: '{{ input.boss }}',
      subject: '{{ input.n }}',
    });
    const rendered = { ...written, to: ['a@example.com', 'b@example.com'], cc: null, subject: 5 };
    expect(await run('email', written, { rendered })).toMatchObject({ ok: true });
    const { to, mail } = only(plain);
    expect([to, mail.cc, mail.subject]).toEqual([['a@example.com', 'b@example.com'], undefined, '5']);
  });

  test('is the same mail to its readers when it is sent again', async () => {
    await run('email', mailTo(plain), { launchId: 'l_7' });
    await run('email', mailTo(plain), { launchId: 'l_7' });
    expect(plain.received.map(({ mail }) => mail.messageId)).toEqual(['<l_7@triggerd>', '<l_7@triggerd>']);
  });

  test('is not a way to files or to other servers', async () => {
    const path = { path: '/etc/passwd' };
    const outcome = await run('email', mailTo(plain), {
      rendered: mailTo(plain, { text: path, html: { href: 'http://127.0.0.1:1/' } }),
    });
    expect(outcome.ok).toBe(true);
    const { text, html, attachments } = only(plain).mail;
    expect([text?.trim(), html, attachments]).toEqual([
      '{"path":"/etc/passwd"}',
      '{"href":"http://127.0.0.1:1/"}',
      [],
    ]);
  });
});

const injected = ['\r\nBcc: evil@example.com', '\nX: y', '\r', '\u0000', '\u0085', '\u2028', '\u2029 z'];
test.each<[string, Json]>([
  ...injected.flatMap((tail): [string, Json][] => [
    ['subject', `Checkout fails${tail}`],
    ['from', `triggerd@example.com${tail}`],
    ['from', `trig${tail}gerd <triggerd@example.com>`],
    ['to', `"on${tail}call" <oncall@example.com>`],
    ['to', ['a@example.com', `b@example.com${tail}`]],
    ['cc', `team${tail}@example.com`],
    ['bcc', `archive@example.com${tail}`],
    ['reply_to', `help@exam${tail}ple.com`],
  ]),
  ['to', 'a@example.com, evil@example.com'],
  ['to', 'a@example.com; evil@example.com'],
  ['to', 'a@example.com evil@example.com'],
  ['to', 'a@example.com, B <b@example.com>'],
  ['to', 'A <a@example.com> <b@example.com>'],
  ['to', 'A <a@example.com>, B <b@example.com>'],
  ['to', 'people: a@example.com, b@example.com;'],
  ['to', '"A" B <a@example.com>'],
  ['to', '"A <a@example.com>'],
  ['to', 'evil@example.com(@example.org)'],
  ['to', 'a@example.com> NOTIFY=NEVER <b@example.com'],
  ['to', '"a b"@example.com'],
  ['to', 'nobody'],
  ['to', '@example.com'],
  ['to', 'a@'],
  ['to', 'a@b@example.com'],
  ['to', 'a@exa mple.com'],
  ['to', 'a@example..com'],
  ['to', 'a@-example.com'],
  ['to', 'a@[127.0.0.1]'],
  ['to', 'a@127.0.0.1'],
  ['to', `${'a'.repeat(65)}@example.com`],
  ['to', `a@${'b'.repeat(64)}.com`],
  ['to', `a@${'b.'.repeat(200)}com`],
  ['to', '<>'],
  ['to', ''],
  ['to', []],
  ['to', 5],
  ['to', { address: 'a@example.com' }],
  ['to', [['a@example.com']]],
  ['cc', [{ path: '/etc/passwd' }]],
  ['from', ''],
  ['to', Array.from({ length: 101 }, (_, index) => `a${index}@example.com`)],
])('a mail with the %s %j is refused for good, and nothing is sent', async (key, value) => {
  const outcome = await run('email', mailTo(untouched), { rendered: mailTo(untouched, { [key]: value }) });
  expect(outcome).toMatchObject({
    ok: false,
    retry: 'never',
    reason: expect.stringMatching(key === 'to' ? /^(to|the mail) / : new RegExp(`^${key} `)),
  });
  expect([untouched.lines, untouched.open()]).toEqual([[], 0]);
});

describe('a recipient without a domain', () => {
  const named = (to: Json, more: JsonObject = {}): JsonObject =>
    mailTo(plain, { to, default_domain: 'müller.example', ...more });

  test('gets the default domain, and one with a domain keeps it', async () => {
    const to = ['ops-team', 'Jane <jane.doe>', 'admin@example.com', 'auth0|17'];
    const outcome = await run('email', named(to, { cc: 'boss', bcc: ['archive'] }));
    const domain = 'xn--mller-kva.example';
    expect(outputOf(outcome)['accepted']).toEqual([
      `ops-team@${domain}`,
      `jane.doe@${domain}`,
      'admin@example.com',
      `auth0|17@${domain}`,
      `boss@${domain}`,
      `archive@${domain}`,
    ]);
    expect([only(plain).mail.to].flat()[0]?.value[1]).toEqual({
      name: 'Jane',
      address: 'jane.doe@müller.example',
    });
  });

  test.each<[string, Json]>([
    ['a line break', 'x\r\nBcc: evil@example.com'],
    ['a line break and a domain', 'x@example.com\r\nBcc: evil@example.com'],
    ['a list', 'x, evil@example.com'],
    ['a list of names', 'x,evil'],
    ['a mailbox within', 'x> <evil'],
    ['a command', 'x@example.com> NOTIFY=NEVER <evil@example.com'],
    ['a colon', 'google-oauth2:123'],
    ['an address of nobody', '@'],
    ['no text', { address: 'evil@example.com' }],
    ['a list in the list', ['evil@example.com']],
  ])('or with %s is left out, and the others have the mail', async (_what, recipient) => {
    const outcome = await run('email', named([recipient, 'ops-team']));
    const ops = 'ops-team@xn--mller-kva.example';
    expect(outcome).toMatchObject({
      ok: false,
      retry: 'never',
      reason: `the mail server 127.0.0.1 took the mail, but ${JSON.stringify(recipient)} is no mailbox`,
      output: { message_id: MESSAGE_ID, accepted: [ops], rejected: [JSON.stringify(recipient)] },
    });
    const { to, raw } = only(plain);
    expect(to).toEqual(['ops-team@müller.example']);
    expect(raw).not.toMatch(/evil/);
  });

  test('is named beside those that the server refused', async () => {
    const outcome = await run('email', named(['a b', 'c d', 'code550', 'ops-team']));
    const refused = 'code550@xn--mller-kva.example';
    expect(outcome).toMatchObject({
      ok: false,
      retry: 'never',
      reason: expect.stringMatching(
        / took the mail, but refused code550@.* and "a b", "c d" are no mailbox$/,
      ),
      output: { rejected: ['"a b"', '"c d"', refused] },
    });
  });

  test('who is the only one, and no mailbox, refuses the mail', async () => {
    const settings = { ...mailTo(untouched), default_domain: 'example.com' };
    const outcome = await run('email', { ...settings, to: 'a, b' });
    expect(outcome).toMatchObject({ ok: false, retry: 'never', reason: 'to names nobody but "a, b"' });
    expect(await run('email', { ...settings, from: 'triggerd' })).toMatchObject({ retry: 'never' });
    expect([untouched.lines, untouched.open()]).toEqual([[], 0]);
  });

  test.each(['{{ input.domain }}', 'example.com>', 'a b', '127.0.0.1', '@example.com', 'a\r\nb'])(
    'gets no domain such as %j, whatever a template made of it',
    async (domain) => {
      const written = mailTo(untouched, { to: 'ops-team', default_domain: domain });
      const rendered = { ...written, default_domain: 'example.com' };
      expect(await run('email', written, { rendered })).toMatchObject({
        ok: false,
        retry: 'never',
        reason: 'default_domain is not the name of a domain; it is taken as it is written',
      });
      expect([untouched.lines, untouched.open()]).toEqual([[], 0]);
    },
  );
});

describe('an answer', () => {
  test.each<[string, JsonObject, string, string]>([
    ['5xx to the mail', { subject: 'answer 554' }, 'never', 'refused the mail: 554 as you wish'],
    ['4xx to the mail', { subject: 'answer 451' }, 'yes', 'refused the mail: 451 as you wish'],
    [
      '5xx to all',
      { to: 'code550@x.example' },
      'never',
      'refused every recipient: 550 no mailbox code550@x.example',
    ],
    [
      '4xx to all',
      { to: 'code450@x.example' },
      'yes',
      'refused every recipient: 450 no mailbox code450@x.example',
    ],
    [
      'both to some each',
      { to: ['code550@x.example', 'code450@x.example'] },
      'yes',
      'refused every recipient: 450 no mailbox code450@x.example',
    ],
  ])('%s decides whether it is tried again', async (_name, more, retry, words) => {
    const outcome = await run('email', mailTo(plain, more));
    expect(outcome).toMatchObject({ ok: false, retry, reason: `the mail server 127.0.0.1 ${words}` });
    expect(outputOf(outcome)).toMatchObject({
      message_id: MESSAGE_ID,
      accepted: [],
      response: words.replace(/^.*?: /, ''),
    });
    expect(plain.received).toEqual([]);
  });

  test.each([450, 550])(
    '%i to some recipients fails for good, naming them, since the others have it',
    async (code) => {
      const to = ['a@example.com', `code${code}@example.com`, 'b@example.com'];
      const outcome = await run('email', mailTo(plain, { to }));
      const refused = `code${code}@example.com`;
      expect(outcome).toMatchObject({
        ok: false,
        retry: 'never',
        reason: `the mail server 127.0.0.1 took the mail, but refused ${refused} (${code} no mailbox ${refused})`,
        output: { message_id: MESSAGE_ID, accepted: ['a@example.com', 'b@example.com'], rejected: [refused] },
      });
      expect(only(plain).to).toEqual(['a@example.com', 'b@example.com']);
    },
  );

  test('of many refused recipients, a few are named in the reason and all in the output', async () => {
    const refused = Array.from({ length: 8 }, (_, index) => `code550-${index}@example.com`);
    const outcome = await run('email', mailTo(plain, { to: ['a@example.com', ...refused] }));
    expect(outcome).toMatchObject({
      ok: false,
      reason: expect.stringMatching(/code550-4@example.com \(.*\) and 3 more$/),
    });
    expect(outputOf(outcome)['rejected']).toEqual(refused);
  });

  test.each<[string, string | null, (string | null)[], string, string]>([
    ['that closes at once', null, [], 'yes', 'closed the connection before it'],
    ['that is no server for mail', 'SSH-2.0-OpenSSH_9.6\r\n', [], 'yes', 'answered with what is no SMTP'],
    ['that turns everybody away', '554 go away\r\n', [], 'never', 'refused the session: 554 go away'],
    ['that is busy', '421 too busy\r\n', [], 'yes', 'refused the session: 421 too busy'],
    [
      'that leaves after the greeting',
      '220 hi\r\n',
      [null],
      'yes',
      'closed the connection before it took the mail',
    ],
    [
      'that leaves before the mail',
      '220 hi\r\n',
      ['250 hi\r\n', '250 ok\r\n', '250 ok\r\n', null],
      'yes',
      'closed the connection',
    ],
    [
      'that leaves with the mail, and says nothing about it',
      '220 hi\r\n',
      ['250 hi\r\n', '250 ok\r\n', '250 ok\r\n', '354 go on\r\n', null],
      'yes',
      'closed the connection before it took the mail',
    ],
    [
      'that answers without end',
      `220 hi\r\n`,
      ['250-x\r\n'.repeat(20_000)],
      'yes',
      'answered with what is no SMTP',
    ],
    [
      'that refuses the sender',
      '220 hi\r\n',
      ['250 hi\r\n', '550 not\r\n\u001b[31mhere\r\n'],
      'never',
      'refused the sender: 550 not',
    ],
  ])('of a server %s is an outcome', async (_name, greeting, answers, retry, words) => {
    const server = await serveLines(greeting, answers);
    const outcome = await run('email', mailTo(server));
    expect(outcome).toMatchObject({ ok: false, retry, reason: expect.stringContaining(words) });
    await expect.poll(() => server.open()).toBe(0);
    server.close();
  });

  test('that nobody gives, since nobody listens there, may come later', async () => {
    const gone = await serveLines(null);
    gone.close();
    expect(await run('email', mailTo(gone))).toMatchObject({
      ok: false,
      retry: 'yes',
      reason: 'the mail server 127.0.0.1 refused the connection',
    });
  });
});

test.each<[string, readonly string[]]>([
  ['', []],
  ['220 hi\r\n', []],
  ['220 hi\r\n', ['250 hi\r\n', '250 ok\r\n']],
  ['220 hi\r\n', ['250 hi\r\n', '250 ok\r\n', '250 ok\r\n', '354 go on\r\n']],
])('a server that hangs after %j and %j is left when it is time', async (greeting, answers) => {
  const server = await serveLines(greeting, answers);
  const controller = new AbortController();
  const outcome = run('email', mailTo(server), { signal: controller.signal });
  await expect.poll(() => server.open()).toBe(1);
  if (greeting !== '') await expect.poll(() => server.lines.length).toBeGreaterThan(answers.length);
  controller.abort();
  expect(await outcome).toMatchObject({
    ok: false,
    retry: 'yes',
    reason: expect.stringContaining('told to end'),
  });
  await expect.poll(() => server.open()).toBe(0);
  server.close();
});

test.each([true, false])('no connection is left open, whether the mail was taken or not', async (taken) => {
  await run('email', mailTo(plain, taken ? {} : { subject: 'answer 554' }));
  await expect.poll(() => plain.open()).toBe(0);
});

describe('a login', () => {
  const user = 'triggerd';
  const password = { secret: { env: 'TOKEN' } };
  const smtp = (): JsonObject => ({ host: '127.0.0.1', port: logins.port, security: 'none', user, password });
  const urlOf = (secret: string): string =>
    `smtp://triggerd:${encodeURIComponent(secret)}@127.0.0.1:${logins.port}`;
  const withoutSmtp = (): JsonObject =>
    Object.fromEntries(Object.entries(mailTo(logins)).filter(([key]) => key !== 'smtp'));

  test('opens the server of the workflow', async () => {
    expect(await run('email', mailTo(logins, { smtp: smtp() }))).toMatchObject({ ok: true });
    expect(only(logins).user).toBe('triggerd');
  });

  test('opens the server of the settings, where the workflow names none', async () => {
    const on = host({ smtp_url: urlOf(SECRET) });
    expect(await run('email', withoutSmtp(), { host: on })).toMatchObject({ ok: true });
    expect(only(logins).user).toBe('triggerd');
  });

  test('does not fall back to the settings where the workflow names a server', async () => {
    const on = host({ smtp_url: urlOf(SECRET) });
    expect(await run('email', mailTo(plain), { host: on })).toMatchObject({ ok: true });
    expect([plain.received.length, logins.received.length]).toEqual([1, 0]);
  });

  test('that is not accepted fails for good, and is shown nowhere', async () => {
    const wrong = 'wr0ng+p4ss/ü';
    const on = host({ smtp_url: urlOf(wrong) }, { WRONG: wrong });
    const reason = 'the mail server 127.0.0.1 did not accept the login: 535';
    for (const settings of [
      withoutSmtp(),
      mailTo(logins, { smtp: { ...smtp(), password: { secret: { env: 'WRONG' } } } }),
    ]) {
      const outcome = await run('email', settings, { host: on });
      expect(outcome).toMatchObject({ ok: false, retry: 'never', reason });
      expect(everything(outcome, on)).not.toContain('wr0ng');
    }
  });

  test('in the URL of the settings is taken out of what a server says, in every form it was sent in', async () => {
    const secret = 's3cret+w/ord';
    const forms = [
      secret,
      encodeURIComponent(secret),
      Buffer.from(`\0triggerd\0${secret}`).toString('base64'),
      Buffer.from(secret).toString('base64'),
    ];
    const said = forms.map((form) => `you said ${form}`).join(' ');
    const server = await serveLines('220 hi\r\n', [
      '250-hi\r\n250 AUTH PLAIN\r\n',
      '235 ok\r\n',
      `550 ${said}\r\n`,
    ]);
    const on = host({ smtp_url: `smtp://triggerd:${encodeURIComponent(secret)}@127.0.0.1:${server.port}` });
    const outcome = await run('email', withoutSmtp(), { host: on });
    expect(everything(outcome, on)).toContain('you said [secret]');
    for (const form of forms) expect(everything(outcome, on)).not.toContain(form);
    server.close();
  });

  test('is not given up where the server does not ask for one', async () => {
    const outcome = await run('email', mailTo(plain, { smtp: { ...smtp(), port: plain.port } }));
    expect(outcome).toMatchObject({
      ok: false,
      retry: 'never',
      reason: expect.stringContaining('did not accept the login'),
    });
    expect(plain.received).toEqual([]);
  });

  test.each<[string | null, 'yes' | 'never']>([
    [null, 'never'],
    ['http://127.0.0.1', 'yes'],
    ['smtp://user@127.0.0.1', 'yes'],
    ['smtp://:hunter2@127.0.0.1', 'yes'],
    ['smtp://127.0.0.1?pool=true', 'yes'],
    ['smtp://127.0.0.1?security=some', 'yes'],
    ['hunter2', 'yes'],
  ])('to the server %j cannot be made, and says no more than that', async (smtp_url, retry) => {
    const outcome = await run('email', withoutSmtp(), { host: host({ smtp_url }) });
    expect(outcome).toMatchObject({ ok: false, retry, reason: expect.stringContaining('smtp_url') });
    expect(JSON.stringify(outcome)).not.toContain('hunter2');
  });

  test.each([
    ['smtp://mail.example.com', 'starttls', 587],
    ['smtps://mail.example.com', 'tls', 465],
    ['smtp://localhost:25', 'none', 25],
    ['smtp://[::1]', 'none', 587],
    ['smtp://mail.internal:25?security=none', 'none', 25],
    ['smtp://localhost?security=starttls', 'starttls', 587],
  ])('goes with %s: %s on port %i', (smtp_url, security, port) => {
    expect(mailServerOf({}, host({ smtp_url }))).toMatchObject({ security, port, login: null });
  });
});

describe('encryption', () => {
  const smtp = (server: MailServer, security: string, more: JsonObject = {}): JsonObject => ({
    smtp: { host: '127.0.0.1', port: server.port, security, ...more },
  });
  const trusting = async (settings: JsonObject): Promise<string> => {
    const on = host();
    const info = await sendMail(
      {
        server: mailServerOf(settings, on),
        addresses: [{ address: '127.0.0.1', family: 4 }],
        mail: mailOf(attempting(settings), NOW),
        trusted: tls.cert,
      },
      AbortSignal.timeout(15_000),
    );
    return info.response;
  };

  test.each(['127.0.0.1', 'localhost'])('begins after connecting to %s, before the login', async (name) => {
    const login = { host: name, user: 'triggerd', password: { secret: { env: 'TOKEN' } } };
    expect(await trusting(mailTo(encrypting, smtp(encrypting, 'starttls', login)))).toMatch(/^250 /);
    expect(only(encrypting)).toMatchObject({ secure: true, user: 'triggerd' });
    await expect.poll(() => encrypting.open()).toBe(0);
  });

  test('holds from the start', async () => {
    expect(await trusting(mailTo(encrypted, smtp(encrypted, 'tls')))).toMatch(/^250 /);
    expect(only(encrypted).secure).toBe(true);
    await expect.poll(() => encrypted.open()).toBe(0);
  });

  test('with a certificate that nobody vouches for is refused', async () => {
    for (const [server, security] of [
      [encrypting, 'starttls'],
      [encrypted, 'tls'],
    ] as const) {
      const outcome = await run('email', mailTo(server, smtp(server, security)));
      expect(outcome).toMatchObject({
        ok: false,
        retry: 'yes',
        reason: expect.stringMatching(/has a certificate that was not accepted \([A-Z_]+\)$/),
      });
      expect(server.received).toEqual([]);
    }
  });

  test('that is asked for and not offered stops the mail', async () => {
    const outcome = await run('email', mailTo(plain, smtp(plain, 'starttls')));
    expect(outcome).toMatchObject({
      ok: false,
      retry: 'never',
      reason: expect.stringContaining('offers no encryption'),
    });
    expect(plain.received).toEqual([]);
  });
});

test.each([
  ['169.254.169.254', 'never', 'cloud metadata'],
  ['::ffff:169.254.169.254', 'never', 'cloud metadata'],
  ['{{ input.host }}', 'never', 'as it is written'],
  ['a b', 'never', 'as it is written'],
  ['no-such-host.invalid', 'yes', 'could not be looked up'],
])('a server at %s is not spoken to', async (name, retry, words) => {
  const outcome = await run('email', mailTo(plain, { smtp: { host: name, security: 'none' } }), {
    rendered: mailTo(plain),
  });
  expect(outcome).toMatchObject({ ok: false, retry, reason: expect.stringContaining(words) });
});
