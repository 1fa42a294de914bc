import regexp from 'eslint-plugin-regexp'
import tseslint from 'typescript-eslint'

/** The stages in the order in which data flows: a folder imports from those before it and from itself. */
const stages = [
  'source',
  'diagnostics',
  'parser',
  'project',
  'ir',
  'passes',
  'elaborate',
  'weights',
  'engines',
  'analysis',
  'sweep',
  'report',
  'backends',
  'host',
  'runtime',
  'cli',
]

const restrict = (...patterns) => ({ 'no-restricted-imports': ['error', { patterns }] })

const laterThan = (stage) => ({
  group: stages.slice(stages.indexOf(stage) + 1).map((later) => `**/${later}/**`),
  message: 'Data flows one way: no stage knows who uses it.',
})

/** Nothing but the project's own files and these packages: no file system, no engine, no terminal. */
const only = (...packages) => ({
  regex: `^(?!\\.|(${packages.join('|') || '$.'})$)`,
  message: 'The core is pure; effects live in src/cli, src/host and src/runtime.',
})

const outsideGlobals = [
  'process',
  'console',
  'Buffer',
  'fetch',
  'window',
  'document',
  'navigator',
  'globalThis',
  'performance',
  'crypto',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'Date',
].map((name) => ({
  name,
  message: 'The core is pure: the same input gives the same output, anywhere.',
}))

const inPages = ['window', 'document']

/** What purity means besides imports. */
const pure = {
  'no-restricted-globals': ['error', ...outsideGlobals],
  'no-restricted-properties': ['error', { object: 'Math', property: 'random' }],
  'no-restricted-syntax': [
    'error',
    {
      selector: 'ImportExpression:not([source.value=/^\\./])',
      message: 'A package is imported by a module of its own, where the rules on imports see it.',
    },
  ],
}

/** The packages that each pure folder may use. */
const core = {
  source: [],
  diagnostics: [],
  parser: ['chevrotain'],
  project: [],
  ir: ['ajv', 'ajv/dist/2020\\.js'],
  passes: [],
  elaborate: [],
  weights: [],
  engines: [],
  analysis: [],
  sweep: [],
  report: [],
}

export default tseslint.config(
  { ignores: ['dist/', 'node_modules/', 'coverage/', 'test/**/fixtures/', 'test/golden/'] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/no-explicit-any': 'error',
      // A `default` says that the rest was thought of.
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // Numbers and booleans in a message read as they are.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      // `void` in the position of a statement: `return print(text)` ends a function early.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      eqeqeq: 'error',
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
    },
  },
  ...Object.entries(core).map(([folder, packages]) => ({
    files: [`src/${folder}/**/*.ts`],
    rules: { ...pure, ...restrict(laterThan(folder), only(...packages)) },
  })),
  {
    // Regular expressions meet texts of any length: their time is linear, by construction.
    files: ['src/**/*.ts'],
    plugins: { regexp },
    rules: {
      'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }],
      'regexp/no-super-linear-move': ['error', { report: 'potential', ignoreSticky: true }],
    },
  },
  {
    // What the pages of the report do in a browser: they draw into their document, and do nothing else outside.
    files: ['src/report/html/page/**/*.ts'],
    rules: {
      ...restrict(laterThan('report'), only('chart\\.js')),
      'no-restricted-globals': ['error', ...outsideGlobals.filter(({ name }) => !inPages.includes(name))],
    },
  },
  {
    // What backends share, and the one that tests measure the others by.
    files: ['src/backends/*.ts', 'src/backends/reference/**/*.ts'],
    rules: { ...pure, ...restrict(laterThan('backends'), only()) },
  },
  {
    files: ['src/backends/tfjs/**/*.ts'],
    ignores: ['src/backends/tfjs/node/**'],
    rules: { ...pure, ...restrict(laterThan('backends'), only('@tensorflow/tfjs-core')) },
  },
  {
    // Only the command line talks to a terminal. What starts tfjs's devices under Node needs Node.
    files: ['src/host/**/*.ts', 'src/runtime/**/*.ts', 'src/backends/tfjs/node/**/*.ts'],
    rules: {
      ...restrict(laterThan('runtime'), { group: ['commander'] }),
      'no-console': 'error',
    },
  },
  {
    // A suite is one call; its tests are the functions that count.
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: {
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    extends: [tseslint.configs.disableTypeChecked],
  },
)
