import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { transform } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../', import.meta.url))
const run = promisify(execFile)

/** A program, and what the page says that it prints. */
const PROGRAM = /^```ts\n(.*?)^```$\n(?:\n^```text\n(.*?)^```$)?/gms

const programs = ['README.md', 'docs/api.md'].flatMap((page) =>
  [...readFileSync(join(root, page), 'utf8').matchAll(PROGRAM)].map(([, text = '', output], at) => ({
    name: `${page} ${at + 1}`,
    text,
    output,
  })),
)

describe('the programs of the pages', () => {
  let folder = ''
  // Within the package, so that `archc` is the built package itself.
  beforeAll(() => {
    mkdirSync(join(root, 'build'), { recursive: true })
    folder = mkdtempSync(join(root, 'build/programs-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('are there', () => expect(programs.length).toBeGreaterThan(3))

  it.each(programs)('$name prints what the page says', async ({ text, output }) => {
    const { code } = await transform(text, { loader: 'ts', format: 'esm' })
    const file = join(folder, `${programs.findIndex((one) => one.text === text)}.mjs`)
    writeFileSync(file, code)
    const { stdout, stderr } = await run(process.execPath, [file], { cwd: root })
    expect(stderr).toBe('')
    if (output !== undefined) expect(stdout).toBe(output)
  })

  it.each([['nodenext'], ['bundler']])('pass a strict TypeScript that resolves as %s', async (resolution) => {
    const consumer = mkdtempSync(join(folder, 'types-'))
    programs.forEach(({ text }, at) => writeFileSync(join(consumer, `${at}.mts`), text))
    const compilerOptions = {
      strict: true,
      noEmit: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      skipLibCheck: false,
      target: 'es2022',
      lib: ['es2022', 'dom'],
      types: [],
      module: resolution === 'bundler' ? 'esnext' : 'nodenext',
      moduleResolution: resolution,
    }
    writeFileSync(join(consumer, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.mts'] }))
    const tsc = join(root, 'node_modules/typescript/bin/tsc')
    const { stdout } = await run(process.execPath, [tsc, '-p', consumer]).catch(
      (error: unknown) => error as { stdout: string },
    )
    expect(stdout).toBe('')
  })
})
