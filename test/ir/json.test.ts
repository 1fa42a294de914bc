import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DiagnosticError, type Diagnostic } from '../../src/diagnostics/diagnostic.ts'
import { graphFromJson, graphFromJsonText, graphToJson, graphToJsonText } from '../../src/ir/json.ts'
import { smallGraph } from './graph-fixtures.ts'

const place = { path: 'model.json' }
const text = graphToJsonText(smallGraph())

async function faults(reading: Promise<unknown>): Promise<readonly Diagnostic[]> {
  try {
    await reading
  } catch (error) {
    if (error instanceof DiagnosticError) return error.diagnostics
    throw error
  }
  return []
}

const codes = async (reading: Promise<unknown>): Promise<string[]> =>
  (await faults(reading)).map(({ code }) => code)

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

const smallJson = (): Json => JSON.parse(text) as Json

/** The small graph with the value at a JSON pointer replaced (or removed where there is none). */
function edited(pointer: string, value?: Json): Json {
  const json = smallJson()
  const keys = pointer.split('/').slice(1)
  const last = keys.pop() ?? ''
  let object: Json | undefined = json
  for (const key of keys) object = child(object, key)
  if (Array.isArray(object)) object[Number(last)] = value ?? null
  else if (typeof object === 'object' && object !== null) {
    if (value === undefined) Reflect.deleteProperty(object, last)
    else Object.defineProperty(object, last, { value, enumerable: true, configurable: true, writable: true })
  }
  return json
}

function child(json: Json | undefined, key: string): Json | undefined {
  if (Array.isArray(json)) return json[Number(key)]
  return typeof json === 'object' && json !== null ? json[key] : undefined
}

const at = (op: string): number => smallGraph().nodes.findIndex((node) => node.op === op)

describe('a graph through JSON', () => {
  it('is the same graph', async () => {
    const graph = smallGraph()
    expect(await graphFromJson(graphToJson(graph), place)).toEqual(graph)
    expect(await graphFromJsonText(text, place)).toEqual(graph)
  })

  it('gives the same text again', async () => {
    expect(graphToJsonText(await graphFromJsonText(text, place))).toBe(text)
    expect(JSON.parse(text)).toEqual(graphToJson(smallGraph()))
  })

  it('shares nothing with the graph it was written from', () => {
    const graph = smallGraph()
    const json = graphToJson(graph)
    expect(json.values[0]?.type.shape).not.toBe(graph.values[0]?.type.shape)
    expect(json.nodes[0]?.attributes).not.toBe(graph.nodes[0]?.attributes)
  })
})

describe('a file that is no graph', () => {
  it.each([
    ['', 'E0801'],
    ['{"archc_ir": 2', 'E0801'],
    ['[]', 'E0803'],
    ['null', 'E0803'],
    ['{}', 'E0803'],
    ['{"archc_ir": 1, "nodes": "changed"}', 'E0802'],
    ['{"archc_ir": "2"}', 'E0803'],
  ])('%s is %s', async (source, code) => {
    expect(await codes(graphFromJsonText(source, place))).toEqual([code])
  })
})

describe('a file that would exhaust the reader', () => {
  it('is refused where it nests without end', async () => {
    const source = '['.repeat(1e6) + ']'.repeat(1e6)
    expect(await codes(graphFromJsonText(source, place))).toEqual(['E0803'])
  })

  it('is refused where it is too long', async () => {
    expect(await codes(graphFromJsonText(' '.repeat(2 ** 26 + 1), place))).toEqual(['E0804'])
  })
})

describe('a graph of the wrong form', () => {
  it.each<[string, Json | undefined]>([
    ['/name', undefined],
    ['/name', ''],
    ['/name', 'a\u001b[31m'],
    ['/extra', 1],
    ['/__proto__', { polluted: true }],
    ['/constructor', { polluted: true }],
    ['/values/0/type/dtype', 'float64'],
    ['/values/0/type/shape', []],
    ['/values/0/type/shape/0', 0],
    ['/values/0/type/shape/0', -3],
    ['/values/0/type/shape/0', 1e300],
    ['/values/0/type/shape/0', 2.5],
    ['/inputs', []],
    ['/inputs/0', 1e9],
    ['/outputs/0', 'a'],
    ['/nodes/0/op', 'toString'],
    ['/nodes/0/op', '__proto__'],
    ['/nodes/0/path', 'a..b'],
    ['/nodes/0/path', ''],
    ['/nodes/0/attributes/groups', 0],
    ['/nodes/0/attributes/groups', undefined],
    ['/nodes/0/attributes/kernel', [3]],
    ['/nodes/0/attributes/kernel', [3, 1e15]],
    ['/nodes/0/attributes/__proto__', { bias: true }],
    ['/nodes/0/parameters/gamma', 1],
    ['/nodes/0/provenance/repetition', -1],
    ['/parameters/0/initial', { kind: 'scheme', of: 'conv', fanIn: 0, fanOut: 1 }],
    ['/parameters/0/initial', { kind: 'other' }],
    ['/parts/0/kind', 'tail'],
    ['/metadata/convInit', { kind: 'normal' }],
    ['/metadata/mean', ['a']],
  ])('%s = %j', async (pointer, value) => {
    const found = await faults(graphFromJson(edited(pointer, value), place))
    expect(found.map(({ code }) => code)).toEqual(['E0803'])
    expect(found[0]?.place).toEqual(place)
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })

  it('points at the fault', async () => {
    const [fault] = await faults(graphFromJson(edited('/nodes/0/attributes/groups', 0), place))
    expect(fault?.message).toBe('at `/nodes/0/attributes/groups`: this must be >= 1')
  })
})

describe('a graph of the right form that means nothing', () => {
  const conv = at('conv')
  const linear = at('linear')
  it.each<[string, Json | undefined, string]>([
    ['/values/1/id', 0, 'E0807'],
    ['/outputs/0', 999, 'E0805'],
    ['/nodes/0/inputs/0', smallGraph().outputs[0] ?? 0, 'E0805'],
    ['/nodes/0/inputs/0', smallGraph().parameters[0]?.value ?? 0, 'E0805'],
    ['/nodes/0/parameters/weight', 0, 'E0805'],
    ['/nodes/1/outputs/0', 0, 'E0806'],
    [`/nodes/${conv}/attributes/channels`, 9, 'E0810'],
    [`/nodes/${conv}/attributes/kernel`, [99, 3], 'E0808'],
    [`/nodes/${conv}/attributes/groups`, 2, 'E0808'],
    [`/nodes/${conv}/attributes/bias`, true, 'E0811'],
    [`/nodes/${linear}/attributes/bias`, false, 'E0811'],
    [`/nodes/${at('split')}/attributes/sizes`, [8], 'E0809'],
    ['/values/0/type/shape', [65536, 65536, 65536], 'E0804'],
    ['/parameters/0/name', 'stem.conv1.bias', 'E0811'],
    ['/parameters/0/trainable', false, 'E0811'],
    ['/nodes/1/path', 'stem.conv1', 'E0812'],
    ['/parts/1/name', 'stem', 'E0812'],
    ['/nodes/0/provenance/part', 'neck', 'E0813'],
    ['/parts/0/output', 1, 'E0805'],
  ])('%s = %j is %s', async (pointer, value, code) => {
    expect(await codes(graphFromJson(edited(pointer, value), place))).toContain(code)
  })

  it('names operator and rule', async () => {
    const [fault] = await faults(graphFromJson(edited(`/nodes/${conv}/attributes/groups`, 2), place))
    expect(fault?.message).toMatch(/^at `\/nodes\/0`: `stem.conv1` \(conv\) breaks the rule E03\d\d: ./)
  })

  // Were the work quadratic, this would not end in time.
  it('reports a bounded number of faults', async () => {
    const value = { id: 0, type: { dtype: 'float32', shape: [1] } }
    const json = { ...graphToJson(smallGraph()), values: Array.from({ length: 500_000 }, () => value) }
    expect(await codes(graphFromJson(json, place))).toHaveLength(20)
  })

  it('whatever is changed, reads it or says what is wrong', async () => {
    const pointers: string[] = []
    const collect = (json: Json, pointer: string): void => {
      pointers.push(pointer)
      if (typeof json !== 'object' || json === null) return
      for (const [key, value] of Object.entries(json)) collect(value, `${pointer}/${key}`)
    }
    collect(smallJson(), '')
    const values = fc.oneof(
      fc.constantFrom<Json>(0, -1, 1, 7, 2 ** 31, 1e300, '', 'relu', null, [], {}),
      fc.nat(40),
    )
    const property = fc.asyncProperty(
      fc.constantFrom(...pointers.slice(1)),
      values,
      async (pointer, value) => {
        for (const { code } of await faults(graphFromJson(edited(pointer, value), place)))
          expect(code).toMatch(/^E08/)
      },
    )
    await fc.assert(property, { numRuns: 500 })
  })
})
