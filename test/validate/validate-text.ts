import { conditionKinds } from '../../src/conditions/registry.js';
import { executorKinds } from '../../src/executors/registry.js';
import { createTemplates } from '../../src/launch/liquid.js';
import { loadText } from '../../src/load/load-text.js';
import type { Document } from '../../src/model/document.js';
import type { Test } from '../../src/model/test.js';
import type { Trigger } from '../../src/model/trigger.js';
import { validateFolder, type ValidatedFolder, type ValidationPlugins } from '../../src/validate/folder.js';

export const plugins: ValidationPlugins = {
  conditions: conditionKinds,
  executors: executorKinds,
  templates: createTemplates(),
  environment: {},
};

export interface ValidatedText extends ValidatedFolder {
  readonly documents: readonly Document[];
}

/** A rule folder of one file. */
export function validateText(text: string, more: Partial<ValidationPlugins> = {}): ValidatedText {
  const { documents, diagnostics } = loadText('rules/test.yaml', text);
  if (diagnostics.length > 0) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return { documents, ...validateFolder(documents, { ...plugins, ...more }) };
}

/** `code line:column`, for tests of what is reported where. */
export function reported({ diagnostics }: ValidatedFolder): readonly string[] {
  return diagnostics
    .filter(({ code }) => code !== 'no-workflows')
    .map(({ code, line, column }) => `${code} ${line}:${column}`);
}

/** The only trigger of a text that is expected to be sound. */
export function onlyTrigger(text: string, more: Partial<ValidationPlugins> = {}): Trigger {
  const { source, diagnostics } = validateText(text, more);
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new Error(errors.map(({ line, message }) => `${line}: ${message}`).join('\n'));
  const [trigger] = source.triggers;
  if (trigger === undefined || source.triggers.length > 1) throw new Error('not one trigger');
  return trigger;
}

/** A trigger with these filters (YAML flow style), and what becomes of them. */
export function filtersOf(filters: string, extra = ''): Test {
  return onlyTrigger(`trigger_id: t\nevent_types: [x.y]\nworkflow_name: w\nfilters: ${filters}\n${extra}`)
    .filters;
}

/** What is reported about these filters, as `code message`. */
export function faultsOf(filters: string, extra = ''): readonly string[] {
  return validateText(`trigger_id: t\nevent_types: [x.y]\nworkflow_name: w\nfilters: ${filters}\n${extra}`)
    .diagnostics.filter(({ code }) => code !== 'no-workflows')
    .map(({ code, message }) => `${code} ${message}`);
}

/** A test tree as one line: `payload.a equal 1`, `all(…)`. */
export function shown(test: Test): string {
  switch (test.kind) {
    case 'all':
    case 'any':
      return test.kind === 'all' && test.tests.length === 1
        ? shown(test.tests[0] as Test)
        : `${test.kind}(${test.tests.map(shown).join(', ')})`;
    case 'not':
      return `not(${shown(test.test)})`;
    case 'field': {
      const { reading, operator, operand, ignoreCase } = test;
      const as = reading.as === undefined ? '' : ` as ${reading.as}`;
      const absent = reading.absent === undefined ? '' : ` absent ${JSON.stringify(reading.absent)}`;
      return `${reading.path}${as}${absent} ${operator}${ignoreCase ? ' i' : ''} ${shownOperand(operand)}`;
    }
  }
}

function shownOperand(operand: Extract<Test, { kind: 'field' }>['operand']): string {
  switch (operand.kind) {
    case 'literal':
      return JSON.stringify(operand.value);
    case 'field':
      return `{${operand.path}}`;
    case 'hours':
      return `${operand.hours.days.join('+')} ${operand.hours.fromMinute}-${operand.hours.toMinute} ${operand.hours.timezone}`;
    case 'durationMs':
      return `${operand.durationMs}ms`;
    case 'test':
      return `[${shown(operand.test)}]`;
  }
}
