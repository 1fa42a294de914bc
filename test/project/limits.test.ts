import { describe, expect, it } from 'vitest'
import { diagnose } from '../../src/diagnostics/diagnose.ts'
import { DiagnosticError } from '../../src/diagnostics/diagnostic.ts'
import { checkProgram, elaborate } from '../../src/elaborate/elaborate.ts'
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

  describe('E0551: at most 655,360 characters', () => {
    const vast = `block b() { return x }\n${'#'.repeat(2 ** 17 - 30)}`
    const names = Array.from({ length: 50 }, (_, index) => `m${index}`)
    const main = names.map((name) => `import { b } from "${name}"\n`).join('') + 'block c() { return x }'
    const files = Object.fromEntries(names.map((name) => [`${name}.arch`, vast]))
    const host = hostOf({ ...files, 'main.arch': main })

    it('is one mistake, at the import that goes beyond', () => {
      const { diagnostics, modules } = loadProgram('main.arch', host)
      const [only, ...others] = diagnostics
      expect(others).toEqual([])
      expect(only?.code).toBe('E0551')
      expect(only?.span?.start).toBe(main.indexOf('"m4"'))
      expect(modules.size).toBe(5)
    })

    it('a file is one file under all its names, in one folder', () => {
      const identity = (path: string) => (/^m\d/.test(path) ? 'm' : path)
      const { diagnostics, modules } = loadProgram('main.arch', { ...host, identity })
      expect(diagnostics).toEqual([])
      expect(new Set(modules.values()).size).toBe(2)
    })

    it('a file that imports itself under another name is a cycle', () => {
      const own = { 'a.arch': 'import { c } from "b"\nblock c() { return x }' }
      const identity = (path: string) => path.replace('b', 'a')
      const { diagnostics } = loadProgram('a.arch', { ...hostOf(own), identity })
      expect(diagnostics.map(({ code }) => code)).toEqual(['E0207'])
    })
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
