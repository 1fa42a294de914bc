import { describe, expect, it } from 'vitest'
import { diagnose } from '../../src/diagnostics/diagnose.ts'
import { DiagnosticError } from '../../src/diagnostics/diagnostic.ts'
import { checkProgram, elaborate } from '../../src/ir/elaborate/elaborate.ts'
import { loadProgram } from '../../src/project/load.ts'
import { hostOf } from '../support/host.ts'

/** `count` files, each of which imports the next. */
function chainOfFiles(count: number): Record<string, string> {
  const files = Array.from({ length: count }, (_, index) => {
    const next = `import { b${index + 1} } from "./f${index + 1}"\n`
    return [
      `f${index}.arch`,
      `${index + 1 < count ? next : ''}block b${index}() { return x -> relu }\n`,
    ] as const
  })
  return Object.fromEntries(files)
}

const codesOf = (files: Record<string, string>, entry: string): string[] =>
  checkProgram(loadProgram(entry, hostOf(files))).map(({ code }) => code)

describe('limits of a program', () => {
  it('E0209: at most 500 files', () => {
    expect(codesOf(chainOfFiles(500), 'f0.arch')).toEqual([])
    expect(codesOf(chainOfFiles(502), 'f0.arch')).toEqual(['E0209'])
  })

  it('E0517: at most 2000 declarations', () => {
    const blocks = (count: number) =>
      Array.from({ length: count }, (_, index) => `block b${index}() { return x -> relu }`).join('\n')
    expect(codesOf({ 'many.arch': blocks(2000) }, 'many.arch')).toEqual([])
    expect(codesOf({ 'many.arch': blocks(2001) }, 'many.arch')).toEqual(['E0517'])
  })
})

it('E0212: a file without a network cannot be built; one whose only network wants arguments says so', () => {
  const codes = (text: string) =>
    elaborate(loadProgram('a.arch', hostOf({ 'a.arch': text }))).diagnostics.map(({ code }) => code)
  expect(codes('block unit() { return x -> relu }')).toEqual(['E0212'])
  expect(codes('network open(width: int) {\n  input 3 x 32 x 32\n  stem = conv(width, 3)\n}')).toEqual([
    'E0403',
  ])
})

it('a file that the host refuses is reported with the import that wants it', () => {
  const refuse = new DiagnosticError([diagnose('E0905', { path: 'other.arch' }, { target: '/elsewhere' })])
  const host = hostOf({ 'a.arch': 'import { b } from "./other"\nblock c() { return x -> b }' })
  const read = (path: string) => {
    if (path === 'other.arch') throw refuse
    return host.read(path)
  }
  const { diagnostics } = loadProgram('a.arch', { ...host, read })
  expect(diagnostics.map(({ code, notes }) => [code, notes])).toEqual([
    ['E0905', ['imported at a.arch:1:19']],
  ])
})
