/** A thousand schedules over ten simulated years, from the timer to the decided launch. */
import { record, rules } from '../test/support/rules.js';
import { machine } from './machine.js';

const SCHEDULES = 1_000;
const YEARS = 10;
const ZONES = ['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu'];

/** Daily and weekly schedules at a minute of their own, in five time zones. */
const triggers = Array.from({ length: SCHEDULES }, (_, i) => {
  const cron = i % 2 === 0 ? `${i % 60} ${i % 24} * * *` : `${i % 60} ${i % 24} * * ${i % 7}`;
  return `  - { trigger_id: s${i}, condition: { time_based: { cron: "${cron}", timezone: ${ZONES[i % ZONES.length]} } }, workflow_name: note }`;
});
const compiled = rules(`
triggers:
${triggers.join('\n')}
workflows: { note: { executor: log, with: { message: noted } } }
`);

let launches = 0;
const { run } = record(compiled, undefined, { launch: () => void launches++, suppression: () => undefined });
const start = Date.UTC(2026, 0, 1);
const begun = process.hrtime.bigint();
run.start(start);
run.runUntil(start + YEARS * 365.25 * 86_400_000);
const seconds = Number(process.hrtime.bigint() - begun) / 1e9;
console.log(machine());
console.log(
  `${SCHEDULES} schedules over ${YEARS} years: ${launches} launches in ${seconds.toFixed(1)} s, ${((seconds * 1e6) / launches).toFixed(1)} µs each`,
);
if (seconds > 60) process.exitCode = 1;
