import type { Operand, Test } from '../../model/test.js';
import type { Trigger } from '../../model/trigger.js';
import type { Finding } from './finding.js';

/** Finds active triggers that decide and launch the same as another one. */
export function sameTrigger(triggers: readonly Trigger[]): readonly Finding[] {
  const alike = new Map<string, Trigger[]>();
  for (const trigger of triggers) {
    if (!trigger.active) continue;
    // Most triggers differ in what they hear and launch already, which is cheap to see.
    const key = JSON.stringify([
      trigger.event_types,
      trigger.launches.map(({ workflow_name, workflow_input }) => [workflow_name, workflow_input]),
    ]);
    const known = alike.get(key);
    if (known === undefined) alike.set(key, [trigger]);
    else known.push(trigger);
  }
  const findings: Finding[] = [];
  for (const group of alike.values()) {
    if (group.length < 2) continue;
    const first = new Map<string, Trigger>();
    for (const trigger of group) {
      const signature = signatureOf(trigger);
      const other = first.get(signature);
      if (other === undefined) {
        first.set(signature, trigger);
        continue;
      }
      findings.push({
        code: 'same-trigger',
        origin: trigger.origin,
        pointer: `${trigger.origin.pointer}/trigger_id`,
        message: `${trigger.trigger_id} decides and launches the same as ${other.trigger_id} (${other.origin.file})`,
        hint: 'remove one of them: every event that matches launches twice',
      });
    }
  }
  return findings;
}

/** Everything that decides, without names, notes and places. */
function signatureOf(trigger: Trigger): string {
  const { filters, condition, memory } = trigger;
  const rest = {
    ...trigger,
    trigger_id: '',
    description: '',
    tags: [],
    origin: null,
    launches: null,
    filters: null,
    condition: null,
    memory: null,
  };
  return JSON.stringify([
    rest,
    testSignature(filters),
    testSignature(condition),
    memory === null
      ? null
      : [
          memory.kind,
          memory.variant,
          memory.settings,
          testSignature(memory.completion),
          memory.listeners.map(({ role, event_types, test, group_by }) => [
            role,
            event_types,
            testSignature(test),
            group_by,
          ]),
        ],
  ]);
}

/** A test without its places. */
export function testSignature(test: Test): unknown {
  switch (test.kind) {
    case 'all':
    case 'any':
      return [test.kind, test.tests.map(testSignature)];
    case 'not':
      return ['not', testSignature(test.test)];
    case 'field':
      return [test.reading, test.operator, operandSignature(test.operand), test.ignoreCase];
  }
}

function operandSignature(operand: Operand): unknown {
  return operand.kind === 'test' ? testSignature(operand.test) : operand;
}
