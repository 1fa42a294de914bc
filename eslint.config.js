import tseslint from 'typescript-eslint'

/** What the pure core may not know: it runs in the command line, in an editor and in a browser alike. */
const outsideWorld = [
  {
    group: ['node:*', 'fs', 'fs/*', 'path', 'process', 'child_process'],
    message: 'The core is pure; effects live in src/cli and src/runtime.',
  },
  {
    group: ['@tensorflow/*', 'sharp', 'commander'],
    message: 'Engines and the terminal live outside the core.',
  },
  {
    group: ['**/cli/**', '**/backends/**', '**/runtime/**'],
    message: 'Data flows one way: the core does not know who uses it.',
  },
]
const outsideGlobals = [
  'process',
  'console',
  'Buffer',
  'fetch',
  'window',
  'document',
  'setTimeout',
  'Date',
].map((name) => ({
  name,
  message: 'The core is pure: the same input gives the same output, anywhere.',
}))
const core = ['source', 'diagnostics', 'parser', 'project', 'ir', 'analysis', 'report', 'weights']

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
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    files: core.map((folder) => `src/${folder}/**/*.ts`),
    rules: {
      'no-restricted-imports': ['error', { patterns: outsideWorld }],
      'no-restricted-globals': ['error', ...outsideGlobals],
    },
  },
  {
    // Only the command line talks to a terminal.
    files: ['src/runtime/**/*.ts', 'src/backends/**/*.ts'],
    rules: {
      'no-restricted-imports': ['error', { patterns: [{ group: ['**/cli/**', 'commander'] }] }],
      'no-console': 'error',
    },
  },
  {
    // A suite is one call; its tests are the functions that count.
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: {
      'max-lines': 'off',
      'max-lines-per-function': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    files: ['**/*.js', '**/*.mjs'],
    extends: [tseslint.configs.disableTypeChecked],
  },
)
