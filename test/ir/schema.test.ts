import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { format } from 'prettier'
import { describe, expect, it } from 'vitest'
import { graphToJson } from '../../src/ir/json.ts'
import { irSchema } from '../../src/ir/json-schema.ts'
import { opNames } from '../../src/ir/ops/index.ts'
import { smallGraph } from './graph-fixtures.ts'

const published = new URL('../../specs/schemas/ir.schema.json', import.meta.url)

const readPublished = () =>
  JSON.parse(readFileSync(published, 'utf8')) as { readonly $defs: Readonly<Record<string, unknown>> }

describe('the published schema of the IR', () => {
  it('is up to date (vitest -u writes it anew)', async () => {
    const text = await format(JSON.stringify(irSchema()), { parser: 'json', printWidth: 110 })
    await expect(text).toMatchFileSnapshot('../../specs/schemas/ir.schema.json')
  })

  it('is valid draft 2020-12, with nothing ajv does not know, and accepts a graph', () => {
    const schema = readPublished()
    const validate = new Ajv2020({ strict: true, strictTypes: false }).compile(schema)
    expect(validate(graphToJson(smallGraph()))).toBe(true)
  })

  it('knows the attributes of every operator', () => {
    const schema = readPublished()
    for (const op of opNames)
      expect(schema.$defs[`attributes_${op}`]).toMatchObject({ type: 'object', additionalProperties: false })
  })
})
