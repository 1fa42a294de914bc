import { describe, expect, it } from 'vitest'
import { analyze } from '../../src/analysis/analyze.ts'
import { refuseVastTensors } from '../../src/backends/model.ts'
import type { Graph } from '../../src/ir/graph.ts'
import { printGraph } from '../../src/ir/print.ts'
import { tensor } from '../../src/ir/tensor-type.ts'
import { verifyGraph } from '../../src/ir/verifier.ts'
import { foldNorms } from '../../src/passes/fold-norm.ts'
import { runPasses } from '../../src/passes/pipelines.ts'
import { graphOf } from '../support/graph-of.ts'
import { smallGraph } from './graph-fixtures.ts'

describe('verifyGraph', () => {
  it('finds nothing in a sound graph', () => {
    expect(verifyGraph(smallGraph())).toEqual([])
  })

  it('finds operators out of order', () => {
    const graph = smallGraph()
    const faults = verifyGraph({ ...graph, nodes: [...graph.nodes].reverse() })
    expect(faults[0]).toMatch(
      /^E0805: at `\/nodes\/0\/inputs\/0`: this uses value \d+, before it is defined$/,
    )
  })

  it('finds values and parameters that nobody defines or uses', () => {
    const graph = smallGraph()
    const nodes = graph.nodes.filter(({ op }) => op !== 'linear')
    const faults = verifyGraph({ ...graph, nodes })
    expect(faults.map((fault) => fault.slice(0, 5))).toEqual(['E0805', 'E0805', 'E0806', 'E0814', 'E0814'])
  })
})

describe('what a pass can break', () => {
  const folded = () => foldNorms(graphOf('stem = conv(4, 3) -> batch_norm -> relu'))
  const codesOf = (graph: Graph) => verifyGraph(graph).map((fault) => fault.slice(0, 5))

  it('is named with the pass', () => {
    const careless = {
      name: 'careless',
      doc: '',
      keepsTraining: true,
      run: (graph: Graph) => ({ ...graph, nodes: [] }),
    }
    expect(() => runPasses(smallGraph(), [careless])).toThrow(
      /^the pass careless broke the graph of small: E08\d\d: at `/,
    )
  })

  it('are derived parameters out of order', () => {
    const graph = folded()
    expect(codesOf(graph)).toEqual([])
    expect(codesOf({ ...graph, derived: [...graph.derived].reverse() })).toContain('E0805')
  })

  it('is the type of a derived parameter', () => {
    const graph = folded()
    const [first] = graph.derived
    const values = graph.values.map((value) =>
      value.id === first?.value ? { ...value, type: tensor(5) } : value,
    )
    expect(codesOf({ ...graph, values })[0]).toBe('E0815')
  })

  it('is a derived parameter that nothing reads', () => {
    const graph = folded()
    const value = graph.values.length
    const extra = {
      value,
      operation: 'rsqrt',
      inputs: [graph.derived[0]?.value ?? -1],
      attributes: {},
    } as const
    const values = [...graph.values, { id: value, type: tensor(4) }]
    expect(codesOf({ ...graph, values, derived: [...graph.derived, extra] })).toEqual(['E0815'])
  })
})

describe('dtypes', () => {
  const halved = (graph: Graph, isHalved: (id: number) => boolean): Graph => ({
    ...graph,
    values: graph.values.map(({ id, type }) => ({
      id,
      type: isHalved(id) ? { ...type, dtype: 'float16' as const } : type,
    })),
  })

  it('run through a graph', () => {
    const graph = halved(smallGraph(), () => true)
    expect(verifyGraph(graph)).toEqual([])
    expect(printGraph(graph)).toContain('x 32 x 24 float16')
  })

  it('are not mixed', () => {
    const graph = graphOf('stem = x + (x -> conv(3, 3))')
    const [input = -1] = graph.inputs
    const faults = verifyGraph(halved(graph, (id) => id === input))
    expect(faults.join()).toContain('E0808: at `/nodes/1`: `stem.add1` (add) breaks the rule E0322')
  })

  it('E0816: what is not float32 is neither priced nor run', () => {
    const graph = halved(smallGraph(), () => true)
    expect(() => analyze(graph)).toThrow('E0816: `small` holds tensors of float16')
    expect(() => refuseVastTensors(graph)).toThrow('E0816')
  })
})
