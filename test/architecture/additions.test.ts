import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { additions, filesOf } from './additions.ts'

const root = new URL('../../', import.meta.url)
const scratch = mkdtempSync(join(tmpdir(), 'archc-additions-'))

/** What the type checker says of a file of the scratch copy. */
const complaintsOf = (program: ts.Program, file: string): string[] =>
  program
    .getSemanticDiagnostics(program.getSourceFile(join(scratch, file)))
    .map(
      ({ messageText, file: at }) =>
        `${at?.fileName ?? ''}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
    )

/** Files that were read before, and what they said: only what changes is read again. */
const parsed = new Map<string, { readonly text: string; readonly source: ts.SourceFile }>()

function programOver(previous?: ts.Program): ts.Program {
  const { config } = ts.readConfigFile(join(scratch, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as {
    config: object
  }
  const include = { include: ['src', 'test/ir/ops', 'test/backends', 'tools'] }
  const { options, fileNames } = ts.parseJsonConfigFileContent({ ...config, ...include }, ts.sys, scratch)
  const host = ts.createCompilerHost(options)
  const getSourceFile: typeof host.getSourceFile = (name, version) => {
    const text = ts.sys.readFile(name)
    if (text === undefined) return undefined
    const known = parsed.get(name)
    if (known?.text === text) return known.source
    const source = ts.createSourceFile(name, text, version)
    parsed.set(name, { text, source })
    return source
  }
  return ts.createProgram(fileNames, options, { ...host, getSourceFile }, previous)
}

function write(files: ReadonlyMap<string, string>): void {
  for (const [file, text] of files) {
    mkdirSync(dirname(join(scratch, file)), { recursive: true })
    writeFileSync(join(scratch, file), text)
  }
}

let program: ts.Program

beforeAll(() => {
  for (const part of ['src', 'test', 'tools', 'specs', 'bench', 'package.json', 'tsconfig.json'])
    cpSync(fileURLToPath(new URL(part, root)), join(scratch, part), { recursive: true })
  symlinkSync(fileURLToPath(new URL('node_modules', root)), join(scratch, 'node_modules'))
  for (const addition of additions) write(filesOf(addition, pathToFileURL(`${scratch}/`)))
  program = programOver()
})

afterAll(() => {
  rmSync(scratch, { recursive: true })
})

describe.each(additions)('to add $what', (addition) => {
  it('takes no more files than the table says', () => {
    expect(filesOf(addition, root).size).toBeLessThanOrEqual(addition.most)
  })
})

it('the type checker asks for nothing more, with all of them in place', { timeout: 120_000 }, () => {
  const complaints = program.getSemanticDiagnostics().map(({ messageText, file }) => {
    return `${file?.fileName ?? ''}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`
  })
  expect(complaints).toEqual([])
})

it('their own tests hold', { timeout: 120_000 }, () => {
  writeFileSync(
    join(scratch, 'vitest.config.mjs'),
    "export default { test: { include: ['test/**/*.test.ts'] } }\n",
  )
  const tests = [
    'test/ir/ops/costs.test.ts',
    'test/ir/ops/coverage.test.ts',
    'test/backends/ops.test.ts',
    'test/analysis/devices/built-in.test.ts',
  ]
  const named = 'softsign_like|mirror|every operator has a case|made_up'
  const vitest = fileURLToPath(new URL('node_modules/vitest/vitest.mjs', root))
  const arguments_ = [vitest, 'run', '--maxWorkers=1', ...tests, '-t', named]
  const { status, stdout, stderr } = spawnSync(process.execPath, arguments_, {
    cwd: scratch,
    encoding: 'utf8',
  })
  expect(status, stdout + stderr).toBe(0)
  expect(stdout).toMatch(/Tests .*\d\d passed/)
})

it.each([
  ['a step of tfjs', 'src/backends/tfjs/operators/rearrangements.ts', 'src/backends/tfjs/operators.ts'],
  ['a case of its cost', 'test/ir/ops/costs/pointwise.ts', 'test/ir/ops/costs/pointwise.ts'],
])('the type checker asks for %s where it is left out', (_, left, complains) => {
  const changed = join(scratch, left)
  const now = ts.sys.readFile(changed) ?? expect.fail()
  cpSync(fileURLToPath(new URL(left, root)), changed)
  expect(complaintsOf(programOver(program), complains)).not.toEqual([])
  writeFileSync(changed, now)
})
