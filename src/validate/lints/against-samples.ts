import { coversType } from '../../kernel/event-type.js';
import type { JsonType } from '../../kernel/json.js';
import { isPathProblem, parsePath } from '../../kernel/path.js';
import { suggest } from '../../kernel/suggest.js';
import type { Diagnostic } from '../../model/diagnostic.js';
import type { Document } from '../../model/document.js';
import type { FieldTest } from '../../model/test.js';
import type { RuleSource, Trigger } from '../../model/trigger.js';
import { either, typeWord } from '../words.js';
import type { FieldObservations } from './field-observations.js';
import { asWarnings, type Finding } from './finding.js';
import { conjunctions, fieldTests } from './trigger-tests.js';
import { conversionHint, wantedTypes } from './wanted-types.js';

/** Finds tests of fields that sample events of the trigger's types never have, or have with another JSON type. */
export function lintAgainstSamples(
  source: RuleSource,
  seen: FieldObservations,
  documents: readonly Document[],
): readonly Diagnostic[] {
  return asWarnings(
    source.triggers.flatMap((trigger) => lintTrigger(trigger, seen)),
    documents,
  );
}

function lintTrigger(trigger: Trigger, seen: FieldObservations): readonly Finding[] {
  const findings: Finding[] = [];
  const add = (code: Finding['code'], pointer: string, message: string, hint: string | null): void => {
    findings.push({ code, origin: trigger.origin, pointer, message, hint });
  };
  const elementsOf = trigger.for_each === null ? null : stepsOf(trigger.for_each);
  for (const { eventTypes, tests } of conjunctions(trigger)) {
    const types = seen.eventTypes.filter((type) => eventTypes.some((pattern) => coversType(pattern, type)));
    if (types.length === 0) continue;
    for (const { test, within } of tests.flatMap((one) => [...fieldTests(one)])) {
      const steps = placeOf([...within, test.reading.path], elementsOf);
      if (steps === null || isAbsenceTest(test)) continue;
      const found = typesSeen(types, steps, seen);
      if (found === null) continue;
      if (found.size === 0) {
        add(
          'field-never-seen',
          test.pointer,
          `no sample event of ${either(types.slice(0, 3))} has ${test.reading.path}`,
          nearHint(test.reading.path, types, steps, seen),
        );
      } else {
        const wanted = wantedTypes(test);
        if (wanted === undefined || wanted.some((type) => found.has(type))) continue;
        add(
          'field-other-type',
          test.pointer,
          `${test.reading.path} is ${either([...found].map(typeWord))} in the sample events, and the test wants ${either(wanted.map(typeWord))}`,
          conversionHint(found, wanted),
        );
      }
    }
  }
  lintPaths(trigger, 'group_by', seen, elementsOf, add);
  lintPaths(trigger, 'once_per', seen, elementsOf, add);
  return findings;
}

function lintPaths(
  trigger: Trigger,
  key: 'group_by' | 'once_per',
  seen: FieldObservations,
  elementsOf: readonly string[] | null,
  add: (code: Finding['code'], pointer: string, message: string, hint: string | null) => void,
): void {
  const types = seen.eventTypes.filter((type) =>
    trigger.event_types.some((pattern) => coversType(pattern, type)),
  );
  if (types.length === 0) return;
  trigger[key].forEach((path, index) => {
    const steps = placeOf([path], elementsOf);
    if (steps === null || typesSeen(types, steps, seen)?.size !== 0) return;
    add(
      'field-never-seen',
      `${trigger.origin.pointer}/${key}/${index}`,
      `no sample event of ${either(types.slice(0, 3))} has ${path}`,
      nearHint(path, types, steps, seen),
    );
  });
}

function stepsOf(path: string): readonly string[] | null {
  const steps = parsePath(path);
  return isPathProblem(steps) ? null : steps.map(String);
}

/** Steps from the event, through the lists whose elements are tested; null for what is no place in it. */
function placeOf(paths: readonly string[], elementsOf: readonly string[] | null): readonly string[] | null {
  const all: string[] = [];
  for (const [index, path] of paths.entries()) {
    const steps = stepsOf(path);
    if (steps === null) return null;
    if (index > 0) all.push('*');
    if (index === 0 && steps[0] === 'item') {
      if (elementsOf === null) return null;
      all.push(...elementsOf, '*', ...steps.slice(1));
    } else {
      all.push(...steps);
    }
  }
  return all;
}

/** null = not known. */
function typesSeen(
  eventTypes: readonly string[],
  steps: readonly string[],
  seen: FieldObservations,
): ReadonlySet<JsonType> | null {
  const found = new Set<JsonType>();
  for (const eventType of eventTypes) {
    const types = seen.typesAt(eventType, steps);
    if (types === null) return null;
    for (const type of types) found.add(type);
  }
  return found;
}

function isAbsenceTest({ operator, operand, reading }: FieldTest): boolean {
  return (
    reading.absent !== undefined ||
    (operator === 'exists' && operand.kind === 'literal' && operand.value === false)
  );
}

/** The name that samples have where the path goes wrong. */
function nearHint(
  path: string,
  eventTypes: readonly string[],
  steps: readonly string[],
  seen: FieldObservations,
): string {
  for (let length = 1; length <= steps.length; length++) {
    const start = steps.slice(0, length);
    const there = eventTypes.some((type) => seen.typesAt(type, start)?.size !== 0);
    if (there) continue;
    const wrong = start.at(-1) as string;
    const names = [...new Set(eventTypes.flatMap((type) => seen.siblings(type, start)))];
    const near = suggest(wrong, names);
    if (near !== undefined) return `did you mean ${near} instead of ${wrong}?`;
    const shown = names.filter((name) => name !== '*').slice(0, 12);
    if (shown.length > 0 && length > 1)
      return `${steps.slice(0, length - 1).join('.')} has ${shown.join(', ')}`;
    break;
  }
  return `check the spelling of ${path}, or add an event that has it to the samples`;
}
