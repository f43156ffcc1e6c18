import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { RulesInvalid, type Engine, type TriggerDefinition } from '../../../src/index.js';
import { embed, WORKFLOWS } from './harness.js';

const engines: Engine[] = [];
const folders: string[] = [];
afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.close()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

async function start(options: Parameters<typeof embed>[0] = {}): Promise<Engine> {
  const { engine } = await embed(options);
  engines.push(engine);
  return engine;
}

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'triggerd-library-'));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

const onPaid = (trigger_id: string, event_type = 'order.paid'): Exclude<TriggerDefinition, string> => ({
  trigger_id,
  event_types: [event_type],
  workflow_name: 'w',
});
const launched = async (engine: Engine, event_type = 'order.paid'): Promise<readonly string[]> =>
  (await engine.publish({ event_type })).launches.map(({ trigger_id }) => trigger_id);
const listed = (engine: Engine): readonly string[] =>
  engine.daemon.triggers().map(({ trigger_id }) => trigger_id);
const refusal = async (promise: Promise<unknown>): Promise<RulesInvalid> => {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof RulesInvalid)) throw new Error(`no refusal but ${String(error)}`);
  return error;
};
const errorsOf = ({ diagnostics }: RulesInvalid): readonly string[] =>
  diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code);

describe('a trigger that is registered', () => {
  test.each<[string, TriggerDefinition]>([
    ['as an object', onPaid('t')],
    ['as YAML', '# of the shop\ntrigger_id: t\nevent_types: [order.paid]\nworkflow_name: w\n'],
    ['as JSON', JSON.stringify(onPaid('t'))],
    [
      'in the classic form',
      {
        trigger_id: 't',
        workflow_name: 'w',
        condition: 'event_occurred',
        event_types: ['order.paid'],
        filters: {},
        parameters: {},
      },
    ],
    [
      'with characters of every sort',
      { ...onPaid('t'), description: 'a\u007f\u0085\ufeff\ufffe\u2028 "{{ \\ #:\n\t😀' },
    ],
  ])('%s launches from then on', async (_, definition) => {
    const engine = await start();
    expect(await launched(engine)).toEqual([]);
    expect(await engine.registerTrigger(definition)).toEqual([]);
    expect(await launched(engine)).toEqual(['t']);
    expect(engine.daemon.trigger('t', 0)).toMatchObject({
      trigger_id: 't',
      file: 'trigger t',
      line: expect.any(Number),
    });
  });

  test('is there beside those of the rules and of the folder', async () => {
    const folder = folderWith({
      'a.yaml': 'triggers: [{ trigger_id: a, event_types: [order.paid], workflow_name: w }]\n',
      'b.yaml': WORKFLOWS,
    });
    const engine = await start({ folder, rules: onPaid('b') });
    await engine.registerTrigger(onPaid('c'));
    expect(await launched(engine)).toEqual(['a', 'b', 'c']);
  });

  test('may be one of several, registered at once', async () => {
    const engine = await start();
    await engine.registerTrigger([onPaid('a'), onPaid('b'), onPaid('c')]);
    expect(await engine.registerTrigger([])).toEqual([]);
    expect(await launched(engine)).toEqual(['a', 'b', 'c']);
  });

  test('comes with the warnings about it, and no others', async () => {
    const engine = await start({
      rules: { workflows: { w: { executor: 'own' }, unused: { executor: 'own' } } },
    });
    const warnings = await engine.registerTrigger({
      ...onPaid('t'),
      event_types: ['order.paid', 'Order.paid'],
    });
    expect(warnings.map(({ code, severity, file }) => [code, severity, file])).toEqual([
      ['event-type-case', 'warning', 'trigger t'],
    ]);
  });

  test('keeps what others remember', async () => {
    const engine = await start({
      rules: `
        triggers:
          - trigger_id: pair
            event_types: [order.paid]
            condition: { threshold_reached: { aggregate: count, at_least: 2, within: 1h } }
            workflow_name: w
        ${WORKFLOWS}`,
    });
    expect(await launched(engine)).toEqual([]);
    await engine.registerTrigger(onPaid('other', 'user.action'));
    await engine.unregisterTrigger('other');
    expect(await launched(engine)).toEqual(['pair']);
  });
});

describe('a definition is validated like a file', () => {
  test.each<[string, unknown, string, RegExp]>([
    [
      'without a workflow',
      { trigger_id: 't', event_types: ['a.b'] },
      'missing-key',
      /^trigger t:1:1: .*workflow_name/,
    ],
    ['of an unknown workflow', { ...onPaid('t'), workflow_name: 'ww' }, 'unknown-workflow', /ww/],
    [
      'with an unknown key',
      { ...onPaid('t'), cooldwon: '1m' },
      'unknown-key',
      /^trigger t:7:3: .*did you mean cooldown/,
    ],
    ['with a misspelled core type', onPaid('t', 'workflow.faild'), 'event-type-typo', /workflow\.failed/],
    ['with a broken template', { ...onPaid('t'), workflow_input: { a: '{{ x' } }, 'template-syntax', /./],
    ['of an id that is taken', onPaid('taken'), 'duplicate-trigger-id', /there is a trigger taken already/],
    [
      'without an id',
      { event_types: ['a.b'], workflow_name: 'w' },
      'document-kind',
      /one trigger is expected/,
    ],
    ['that is a list', '- 1\n', 'document-kind', /one trigger is expected/],
    ['that is nothing', '', 'document-kind', /^trigger:0:0/],
    ['that is two documents', 'trigger_id: a\n---\ntrigger_id: b\n', 'document-kind', /one by one/],
    ['that is a rule file', { triggers: [onPaid('t')] }, 'document-kind', /one trigger is expected/],
    ['that is no YAML', 'trigger_id: [', 'yaml-syntax', /^trigger:1/],
    ['that is too large', { ...onPaid('t'), description: 'x'.repeat(300_000) }, 'file-too-large', /KiB/],
  ])('%s', async (_, definition, code, hint) => {
    const engine = await start({ rules: [WORKFLOWS, onPaid('taken')] });
    const before = engine.daemon.readiness();
    const error = await refusal(engine.registerTrigger(definition as TriggerDefinition));
    expect(errorsOf(error)).toContain(code);
    expect(error).toMatchObject({ code: 'rules-invalid', hint: expect.stringMatching(hint) });
    // Nothing has changed, and nobody was told of anything.
    expect(engine.daemon.readiness()).toEqual(before);
    expect(engine.bus.getEventHistory()).toEqual([]);
    expect(await launched(engine)).toEqual(['taken']);
    await engine.registerTrigger(onPaid('next'));
    expect(await launched(engine)).toEqual(['taken', 'next']);
  });

  const circle: Record<string, unknown> = { ...onPaid('t') };
  circle['self'] = circle;
  test.each<[string, unknown]>([
    ['a circle', circle],
    ['a number too large for JSON', { ...onPaid('t'), max_executions: 1n }],
    ['nothing', undefined],
    ['a function', () => onPaid('t')],
  ])('%s is no plain data', async (_, definition) => {
    const engine = await start();
    await expect(engine.registerTrigger(definition as TriggerDefinition)).rejects.toMatchObject({
      code: 'usage',
    });
    expect(listed(engine)).toEqual([]);
  });

  test('one of several that is wrong keeps all of them out', async () => {
    const engine = await start();
    const error = await refusal(engine.registerTrigger([onPaid('a'), onPaid('b'), onPaid('a')]));
    expect(error.message).toMatch(/^a list of 3 triggers has 1 error/);
    expect(listed(engine)).toEqual([]);
  });

  test('a trigger without any workflow to launch is refused', async () => {
    const engine = await start({ rules: [] });
    expect(errorsOf(await refusal(engine.registerTrigger(onPaid('t'))))).toEqual(['no-workflows']);
    expect(engine.bus.getEventHistory()).toEqual([]);
  });

  test('of two registered at the same time under one id, the second is refused', async () => {
    const engine = await start();
    const [first, second] = await Promise.allSettled([
      engine.registerTrigger(onPaid('t')),
      engine.registerTrigger(onPaid('t', 'user.action')),
    ]);
    expect([first.status, second.status]).toEqual(['fulfilled', 'rejected']);
    expect(await launched(engine)).toEqual(['t']);
  });
});

describe('a trigger that is unregistered', () => {
  const rules = [
    WORKFLOWS,
    {
      triggers: [onPaid('a'), onPaid('b'), { ...onPaid('c'), event_types: ['order.paid', 'Order.paid'] }],
      tests: [
        { name: 'about them all', triggers: ['b'], events: [{ event_type: 'user.action' }], expect: [] },
      ],
    },
    onPaid('bare'),
  ];

  test.each([
    ['b', ['a', 'c', 'bare']],
    ['a', ['b', 'c', 'bare']],
    ['bare', ['a', 'b', 'c']],
  ])('launches no more, and the others do: %s', async (id, left) => {
    const engine = await start({ rules });
    expect(await engine.unregisterTrigger(id)).toBe(true);
    expect(await launched(engine)).toEqual(left);
    expect(await engine.unregisterTrigger(id)).toBe(false);
    expect(engine.daemon.trigger(id, 0)).toBeNull();
  });

  test('leaves the others in their places', async () => {
    const engine = await start({ rules });
    const lineOf = (): number | undefined => engine.daemon.trigger('c', 0)?.line;
    const line = lineOf();
    await engine.unregisterTrigger('a');
    expect(lineOf()).toBe(line);
    const [first, second] = engine.daemon
      .readiness()
      .diagnostics.filter(({ code }) => code === 'event-type-case');
    expect([first?.file, first?.line, second]).toEqual(['rules[1]', expect.any(Number), undefined]);
    expect(first?.sourceLine).toContain('Order.paid');
  });

  test('may be the last there is, and may come back', async () => {
    const engine = await start({ rules: [WORKFLOWS, onPaid('t')] });
    await engine.unregisterTrigger('t');
    expect(engine.getTriggerStats().total_triggers).toBe(0);
    await engine.registerTrigger(onPaid('t', 'user.action'));
    expect(await launched(engine, 'user.action')).toEqual(['t']);
    expect(await launched(engine)).toEqual([]);
    expect(await engine.unregisterTrigger('t')).toBe(true);
    // That of the rules stays withdrawn.
    expect(listed(engine)).toEqual([]);
  });

  test('may come from a folder, and stays away when that is read again', async () => {
    const folder = folderWith({
      'a.yaml': 'triggers: [{ trigger_id: a, event_types: [order.paid], workflow_name: w }]\n',
      'b.yaml': WORKFLOWS,
    });
    const engine = await start({ folder });
    await engine.registerTrigger(onPaid('c'));
    await engine.unregisterTrigger('a');
    writeFileSync(
      join(folder, 'd.yaml'),
      'triggers: [{ trigger_id: d, event_types: [order.paid], workflow_name: w }]\n',
    );
    await engine.reload();
    expect(await launched(engine)).toEqual(['d', 'c']);
  });

  test('is unknown when there never was one', async () => {
    expect(await (await start()).unregisterTrigger('__proto__')).toBe(false);
  });
});

test('a folder that has become bad is refused, and so are triggers until it is mended', async () => {
  const folder = folderWith({ 'b.yaml': WORKFLOWS });
  const engine = await start({ folder, rules: onPaid('t') });
  writeFileSync(join(folder, 'c.yaml'), 'trigger_id: [');
  expect(errorsOf(await refusal(engine.reload()))).toEqual(['yaml-syntax']);
  expect(errorsOf(await refusal(engine.registerTrigger(onPaid('u'))))).toEqual(['yaml-syntax']);
  expect(await launched(engine)).toEqual(['t']);
  rmSync(join(folder, 'c.yaml'));
  await engine.registerTrigger(onPaid('u'));
  expect(await launched(engine)).toEqual(['t', 'u']);
});
