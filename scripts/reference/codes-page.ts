import { DIAGNOSTIC_CODES } from '../../src/kernel/codes.js';
import { FAULT_EXIT, FAULT_MEANINGS } from '../../src/kernel/fault.js';
import { code, type Page, sentence, table } from './markdown.js';

const EXITS = [
  ['0', 'Everything is fine.'],
  ['1', 'There are problems in the rules or the events, or expectations were not met.'],
  ['2', 'The command was used wrongly, a setting is wrong, or something it needs is not there.'],
  ['3', 'A fault of triggerd itself, or of the machine it runs on.'],
  ['4', 'Only `run`: what was promised durable is in doubt. The data folder needs a person.'],
];

/** Diagnostics, faults and exit codes. */
export function codesPage(): Page {
  return {
    name: 'codes',
    title: 'Codes',
    about: 'exit codes, fault codes and diagnostic codes',
    parts: [
      '## Exit codes',
      'They mean the same for every command.',
      table(['code', 'means'], EXITS),
      '## Fault codes',
      'A fault is what stops a command or a call. In the library it is a thrown `Fault` with this `code`, over HTTP the `code` of an error.',
      table(
        ['code', 'means', 'exit code'],
        Object.entries(FAULT_MEANINGS).map(([name, meaning]) => [
          code(name),
          sentence(meaning),
          String(FAULT_EXIT[name as keyof typeof FAULT_EXIT]),
        ]),
      ),
      '## Diagnostic codes',
      'A diagnostic is what is wrong or doubtful in a rule file, with its place and a hint. `triggerd check` prints them all.',
      table(
        ['code', 'means'],
        Object.entries(DIAGNOSTIC_CODES).map(([name, meaning]) => [code(name), sentence(meaning)]),
      ),
    ],
  };
}
