import { readFileSync, readdirSync } from 'node:fs'
import { format } from 'prettier'
import { describe, expect, it } from 'vitest'
import { catalogue } from '../../src/diagnostics/catalogue/index.ts'
import { errorsIndex } from '../../tools/errors-index.ts'
import { archOf, codesOf, diagnosticsOf, snippetsOf } from './snippets.ts'

const folder = new URL('../../docs/errors/', import.meta.url)
const codes = Object.keys(catalogue)
const pageOf = (code: string): string => readFileSync(new URL(`${code}.md`, folder), 'utf8')
const pages = readdirSync(folder).flatMap((name) => /^(E\d{4})\.md$/.exec(name)?.[1] ?? [])

/**
 * Mistakes that no short text can provoke: limits of size, options of the command line, and files that are not
 * source. Their pages describe an example.
 */
const isDescribed = (code: string): boolean => /^E(0[6789]|1[0-4])/.test(code) || described.has(code)
const described: ReadonlySet<string> = new Set([
  ...['E0118', 'E0119', 'E0120', 'E0122', 'E0130', 'E0209', 'E0517', 'E0550', 'E0551', 'E0552'],
  ...['E0210', 'E0211', 'E0212', 'E0417', 'E0518', 'E0519', 'E0521'],
  ...['E0321', 'E0322'],
])

it('every error has a page, and every page an error', () => {
  expect(pages.sort()).toEqual([...codes].sort())
})

it('docs/errors/README.md lists the catalogue (vitest -u writes it anew)', async () => {
  const text = await format(errorsIndex(), { parser: 'markdown', printWidth: 110 })
  await expect(text).toMatchFileSnapshot('../../docs/errors/README.md')
})

describe.each(pages)('docs/errors/%s.md', (code) => {
  const text = pageOf(code)
  const snippets = archOf(snippetsOf(text))
  const entries = snippets.filter(({ isPart }) => !isPart)

  it('has the title of the catalogue, an example and a repair', () => {
    const { title } = Object.entries(catalogue).find(([one]) => one === code)?.[1] ?? expect.fail()
    expect(text.split('\n')[0]).toBe(`# ${code}: ${title}`)
    expect(text).toMatch(/^## Repair\n\n\S/m)
    if (isDescribed(code)) expect(text).toMatch(/^Example: /m)
    else expect(entries.map(({ error }) => error ?? 'none')).toEqual([code, 'none'])
  })

  if (entries.length > 0)
    it('has an example that gives this error alone, and a repair that gives none', () => {
      for (const snippet of entries) {
        const diagnostics = diagnosticsOf(snippet, snippets)
        if (snippet.error === undefined) expect(codesOf(diagnostics)).toEqual([])
        else
          expect(
            diagnostics.map((one) => one.code),
            codesOf(diagnostics).join('\n'),
          ).toEqual([snippet.error])
      }
    })
})

it('every error is tested', () => {
  const tests = readdirSync(new URL('../', import.meta.url), { recursive: true, encoding: 'utf8' })
    // What this folder says of an error does not count.
    .filter((name) => !name.startsWith('docs/') && /\.(ts|arch|json|txt)$/.test(name))
    .map((name) => name + readFileSync(new URL(`../${name}`, import.meta.url), 'utf8'))
    .join('\n')
  expect(codes.filter((code) => !tests.includes(code))).toEqual([])
})
