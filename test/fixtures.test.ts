import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Diagnostic } from '../src/diagnostics/diagnostic.ts'
import { checkProgram } from '../src/elaborate/elaborate.ts'
import { loadProgram } from '../src/project/load.ts'
import { positionAt } from '../src/source/source-file.ts'
import { hostOver } from './support/host.ts'

const folder = new URL('./fixtures/', import.meta.url).pathname

interface Expected {
  readonly file: string
  readonly line: number
  readonly code: string
  readonly text: string
}

/** A fixture is a `.arch` file, or a folder of them that begins with `main.arch`. */
function fixtures(): readonly { name: string; root: string; entry: string }[] {
  return readdirSync(folder).flatMap((group) =>
    readdirSync(join(folder, group)).map((name) => {
      const isFolder = statSync(join(folder, group, name)).isDirectory()
      return isFolder
        ? { name: `${group}/${name}`, root: join(folder, group, name), entry: 'main.arch' }
        : { name: `${group}/${name}`, root: join(folder, group), entry: name }
    }),
  )
}

function expectedIn(root: string, entry: string): Expected[] {
  const files = entry === 'main.arch' ? readdirSync(root) : [entry]
  return files.flatMap((file) =>
    readFileSync(join(root, file), 'utf8')
      .split('\n')
      .flatMap((text, index) =>
        [...text.matchAll(/# error\[(E\d+)\]: ([^#]*)/g)].map((match) => ({
          file,
          line: index + 1,
          code: match[1] ?? '',
          text: (match[2] ?? '').trim(),
        })),
      ),
  )
}

const lineOf = ({ span }: Diagnostic): number =>
  span === undefined ? 0 : positionAt(span.file, span.start).line

describe('every fixture gives exactly the errors written on its lines', () => {
  for (const { name, root, entry } of fixtures()) {
    it(name, () => {
      const expected = expectedIn(root, entry)
      const found = checkProgram(loadProgram(entry, hostOver(root)))
      const key = (file: string, line: number, code: string) => `${file}:${line} ${code}`
      expect(found.map((one) => key(one.span?.file.path ?? '', lineOf(one), one.code)).sort()).toEqual(
        expected.map((one) => key(one.file, one.line, one.code)).sort(),
      )
      for (const { code, line, text } of expected) {
        const messages = found
          .filter((one) => one.code === code && lineOf(one) === line)
          .map((one) => one.message)
        expect(
          messages.some((message) => message.includes(text)),
          `${code}: ${messages.join('; ')}`,
        ).toBe(true)
      }
      // The file's name says which mistake it is about.
      expect(expected.map(({ code }) => code)).toContain(name.match(/E\d+/)?.[0])
    })
  }
})
