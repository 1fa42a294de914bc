import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { positionAt } from '../../src/source/source-file.ts'
import { parseText } from './read.ts'

const folder = new URL('fixtures/', import.meta.url)

interface Expected {
  readonly line: number
  readonly code: string
  readonly text: string
}

/**
 * `# error[E0101]: text` expects an error on its line whose message contains the text; `#^ error[...]` on the line
 * above it, `#^^` two lines above, where a comment can't stand on the line itself.
 */
function expectations(source: string): Expected[] {
  return source.split('\n').flatMap((text, index) =>
    [...text.matchAll(/#(\^*) error\[(E\d{4})\]: ([^#]*)/g)].map(([, above, code = '', message = '']) => ({
      line: index + 1 - (above?.length ?? 0),
      code,
      text: message.trim(),
    })),
  )
}

test.each(readdirSync(folder).filter((name) => name.endsWith('.arch')))('%s', (name) => {
  const source = readFileSync(new URL(name, folder), 'utf8')
  const expected = expectations(source)
  const { module, diagnostics } = parseText(source)
  const found = diagnostics.map(({ code, message, span }, index) => {
    const { line } = positionAt(module.file, span?.start ?? 0)
    const text = expected[index]?.text ?? ''
    return { line, code, text: message.includes(text) && text !== '' ? text : message }
  })
  expect(found).toEqual(expected)
})
