import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import type { Analysis } from '../../src/analysis/analysis.ts'
import { analyze } from '../../src/analysis/analyze.ts'
import { kernelKinds, precisions } from '../../src/engines/kernel.ts'
import { analysisJson } from '../../src/report/json.ts'
import { GraphSketch, smallGraph } from '../ir/graph-fixtures.ts'
import { sampleAnalysis } from '../support/analysis-sample.ts'
import { analysisOf } from './analyses.ts'

interface Schema {
  readonly $ref?: string
  readonly description?: string
  readonly enum?: readonly string[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly $defs?: Readonly<Record<string, Schema>>
}

const url = new URL('../../specs/schemas/analysis.schema.json', import.meta.url)
const schema = JSON.parse(readFileSync(url, 'utf8')) as Schema
const validate = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(schema)

const viewsOnly = (): Analysis => {
  const sketch = new GraphSketch(4, 1, 1)
  const out = sketch.one({ op: 'flatten', path: 'head.flatten1', inputs: [sketch.input] })
  sketch.part('head', 'head', out)
  return analyze(sketch.graph('views', out))
}

const cases: [string, () => Analysis][] = [
  ['a small graph without a device', () => analyze(smallGraph())],
  ['a network of views', viewsOnly],
  ['tresnet_m, eager', () => analysisOf('tresnet_m')],
  ['tresnet_m without a device', () => analysisOf('tresnet_m', { device: false })],
  ['efficientnet_b0, fused', () => analysisOf('efficientnet_b0', { engine: 'fused' })],
  ['efficientnet_b0, training', () => analysisOf('efficientnet_b0', { mode: 'training' })],
  ['fasternet_t0, fused training', () => analysisOf('fasternet_t0', { engine: 'fused', mode: 'training' })],
  ['a sample with a stated error', () => sampleAnalysis()],
]

describe('analysisJson', () => {
  it.each(cases)('is what the schema states: %s', (_, make) => {
    const json = analysisJson(make())
    expect(validate(json), JSON.stringify(validate.errors?.slice(0, 3))).toBe(true)
    // Infinity and NaN would come back as null.
    expect(JSON.parse(JSON.stringify(json))).toEqual(json)
  })

  it('has what other programs rely on', () => {
    expect(analysisJson(analyze(smallGraph()))).toMatchObject({
      archc_analysis: 2,
      network: 'small',
      parameters: 394,
      macs: 53840,
      stages: [{ name: 'stem', output: [8, 16, 12], parameters: 232, macs: 41472 }, {}, {}, {}],
    })
  })
})

describe('the schema', () => {
  it.each([
    ['a number that is none', { macs: null }],
    ['another version', { archc_analysis: 1 }],
    ['an unknown key', { flops: 1 }],
    ['a part of no kind', { stages: [{ ...sampleAnalysis().stages[0], kind: 'neck' }] }],
    ['a missing count', { stages: [{ ...sampleAnalysis().stages[0], bytes: undefined }] }],
  ])('refuses %s', (_, change) => {
    expect(validate(JSON.parse(JSON.stringify({ ...analysisJson(sampleAnalysis()), ...change })))).toBe(false)
  })

  it('describes every field', () => {
    expect(undescribed(schema, '')).toEqual([])
  })

  it('names the kinds of kernels and the precisions that there are', () => {
    expect(at('layers', 'kind').enum).toEqual([...kernelKinds, 'view', 'fused'])
    expect(at('run', 'precision').enum).toEqual(precisions)
  })
})

const resolved = (part: Schema): Schema =>
  part.$ref === undefined ? part : (schema.$defs?.[part.$ref.replace('#/$defs/', '')] ?? {})

function undescribed(part: Schema, path: string): string[] {
  const { properties = {}, items } = resolved(part)
  const children = [
    ...Object.entries(properties).map(([name, child]) => [`${path}.${name}`, child] as const),
    ...(items === undefined ? [] : [[`${path}[]`, items] as const]),
  ]
  return children.flatMap(([name, child]) => [
    ...((child.description ?? resolved(child).description ?? '') === '' ? [name] : []),
    ...undescribed(child, name),
  ])
}

function at(first: string, second: string): Schema {
  const part = schema.properties?.[first] ?? {}
  return (part.items ?? part).properties?.[second] ?? {}
}
