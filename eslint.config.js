import tseslint from 'typescript-eslint';

// What the deciding core may not do: read a clock, draw a random number, touch the environment, compile user text
// with the backtracking regular expressions of the platform. Those come in as arguments (kernel and app own them).
const impurities = [
  {
    selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
    message: 'Time comes in as an argument.',
  },
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'Time comes in as an argument.',
  },
  {
    selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']",
    message: 'Randomness comes in as an argument.',
  },
  {
    selector: 'CallExpression[callee.name=/^set(Timeout|Interval|Immediate)$/]',
    message: 'Timers come in as an argument.',
  },
  {
    selector: "MemberExpression[object.name='process'][property.name='env']",
    message: 'The environment is read in app/ only.',
  },
  {
    selector: "NewExpression[callee.name='RegExp'] > :not(Literal):first-child",
    message: 'User text goes to the RE2 wrapper in kernel/regex.',
  },
];
const shape = [
  { selector: 'ExportDefaultDeclaration', message: 'Named exports only.' },
  { selector: 'TSEnumDeclaration', message: 'A closed set is a union of strings.' },
];

export default tseslint.config(
  {
    ignores: [
      'dist/**',
      '.bench/**',
      'coverage/**',
      'node_modules/**',
      'test/fixtures/**',
      'src/**/*.generated.ts',
    ],
  },
  ...tseslint.configs.recommended,
  {
    files: ['src/**/*.ts'],
    languageOptions: { parserOptions: { project: './tsconfig.json' } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true, argsIgnorePattern: '^_' }],
      'no-console': 'error',
      'no-restricted-syntax': ['error', ...shape, ...impurities],
    },
  },
  {
    files: ['src/kernel/**/*.ts', 'src/app/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...shape] },
  },
  {
    files: ['test/**/*.ts', 'bench/**/*.ts', 'scripts/**/*.ts'],
    rules: { '@typescript-eslint/no-explicit-any': 'error' },
  },
);
