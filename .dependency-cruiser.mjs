/** The floors of src/: a folder imports only from floors below its own, never from a neighbour on its floor. */
const floors = [
  { name: 'kernel', floor: 0, why: 'small helpers everything may use' },
  { name: 'model', floor: 1, why: 'readonly types and tables, no behaviour to depend on' },
  { name: 'ports', floor: 2, why: 'what plug-ins and stages promise' },
  { name: 'load', floor: 3, why: 'a stage: text to documents and events' },
  { name: 'validate', floor: 3, why: 'a stage: documents to rules' },
  { name: 'compile', floor: 3, why: 'a stage: rules to a ruleset' },
  { name: 'match', floor: 3, why: 'a stage: event to hits' },
  { name: 'decide', floor: 3, why: 'a stage: hits to decisions' },
  { name: 'launch', floor: 3, why: 'a stage: decisions to launches' },
  { name: 'conditions', floor: 3, why: 'plug-ins' },
  { name: 'executors', floor: 3, why: 'plug-ins' },
  { name: 'bus', floor: 3, why: 'a stage: events to handlers' },
  { name: 'stores', floor: 3, why: 'plug-ins' },
  { name: 'sources', floor: 3, why: 'plug-ins' },
  { name: 'engine', floor: 4, why: 'runs the stages in order' },
  { name: 'app', floor: 5, why: 'wires plug-ins; the only reader of the registries' },
  { name: 'server', floor: 6, why: 'a surface' },
  { name: 'cli', floor: 7, why: 'a surface, which also starts the server' },
];

const layering = floors.map(({ name, floor, why }) => ({
  name: `floor-${floor}-${name}`,
  comment: `src/${name} is on floor ${floor} (${why}): it imports only from floors below`,
  severity: 'error',
  from: { path: `^src/${name}/` },
  to: {
    path: `^src/(${floors
      .filter((other) => other.name !== name && other.floor >= floor)
      .map((other) => other.name)
      .join('|') || 'nothing'})/`,
  },
}));

/** Libraries belong to one folder, so that replacing one touches one place. */
const libraries = [
  ['yaml', ['load']],
  ['js-yaml', ['load']],
  ['ajv', ['validate']],
  ['json-rules-engine', ['match', 'compile', 'model', 'ports', 'engine', 'decide']],
  ['liquidjs', ['launch']],
  ['croner', ['conditions']],
  ['nodemailer', ['executors']],
  ['re2js', ['kernel']],
  ['commander', ['cli']],
  ['picocolors', ['cli']],
  ['cli-table3', ['cli']],
  ['better-sqlite3', ['stores']],
  ['chokidar', ['load']],
  ['fastify', ['server']],
  ['ws', ['server', 'cli']],
  ['pino', ['app']],
  ['prom-client', ['app']],
  ['@nats-io', ['sources', 'executors']],
  ['@opentelemetry', ['app']],
].map(([library, owners]) => ({
  name: `only-${owners[0]}-uses-${library}`,
  comment: `${library} is used in ${owners.map((owner) => `src/${owner}`).join(', ')} only`,
  severity: 'error',
  from: { path: '^src/', pathNot: `^src/(${owners.join('|')})/` },
  to: { path: `node_modules/${library}/` },
}));

export default {
  forbidden: [
    ...layering,
    ...libraries,
    { name: 'no-circular', comment: 'a circle has no story', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'only-app-reads-registries',
      comment: 'stages take plug-ins as arguments',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/app/' },
      to: { path: '^src/(conditions|executors|stores|sources)/registry' },
    },
    {
      name: 'known-folders',
      comment: 'a new folder under src/ needs its floor in this table',
      severity: 'error',
      from: {},
      to: { path: '^src/[^/]+/', pathNot: `^src/(${floors.map(({ name }) => name).join('|')})/` },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { extensions: ['.ts', '.js'], conditionNames: ['import', 'types', 'default'] },
  },
};
