import { readFileSync } from 'node:fs'
import { format } from 'prettier'
import { expect, it } from 'vitest'
import { analysisSchema, diffSchema } from '../../tools/measures-in-schemas.ts'

it.each([
  ['analysis', analysisSchema],
  ['diff', diffSchema],
] as const)(
  '%s.schema.json has the measures of the table (vitest -u writes them anew)',
  async (name, write) => {
    const path = `../../specs/schemas/${name}.schema.json`
    const schema: unknown = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'))
    const text = await format(JSON.stringify(write(schema as object), undefined, 2), {
      parser: 'json',
      printWidth: 110,
    })
    await expect(text).toMatchFileSnapshot(path)
  },
)
