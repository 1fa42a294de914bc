import { defineConfig } from 'vitest/config'

/** What changes the process that it runs in: tfjs keeps its active backend, and some tests replace globals. */
const alone = [
  'test/api/**/*.test.ts',
  'test/backends/**/*.test.ts',
  'test/hostile/memory.test.ts',
  'test/networks/{numerics,photographs}.test.ts',
  'test/passes/**/*.test.ts',
]

/** Others share the modules that they load, which takes a quarter of the time that loading them for each file takes. */
export default defineConfig({
  test: {
    globalSetup: ['test/cli/support/build.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: 'alone', include: alone } },
      {
        extends: true,
        test: { name: 'shared', include: ['test/**/*.test.ts'], exclude: alone, isolate: false },
      },
    ],
  },
})
