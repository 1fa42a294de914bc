import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { measuresWith } from '../../src/analysis/measures.ts'

const pageOf = (path: string): string => readFileSync(new URL(`../../docs/${path}`, import.meta.url), 'utf8')

it('docs/errors/E1406.md names all objectives of a sweep', () => {
  const page = pageOf('errors/E1406.md')
  for (const { key, alias } of measuresWith('sweep'))
    expect(page).toContain(alias === undefined ? `\`${key}\`` : `\`${key}\` (or \`${alias}\`)`)
})

it.each(['errors/E1302.md', 'analysis.md'])('docs/%s names all budgets', (path) => {
  for (const { budget } of measuresWith('budget'))
    expect(pageOf(path)).toContain(`\`${budget.flags.split(' ')[0]!}\``)
})
