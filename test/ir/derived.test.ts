import { describe, expect, it } from 'vitest'
import { analyze } from '../../src/analysis/analyze.ts'
import { eager } from '../../src/engines/eager/eager.ts'
import { runReference } from '../../src/backends/reference/run.ts'
import { derivations, inferDerived, type DerivationName } from '../../src/ir/derivations.ts'
import type { Graph } from '../../src/ir/graph.ts'
import type { Attributes } from '../../src/ir/ops/definition.ts'
import { printGraph } from '../../src/ir/print.ts'
import { Rewriter } from '../../src/ir/rewriter.ts'
import { tensor } from '../../src/ir/tensor-type.ts'
import { verifyGraph } from '../../src/ir/verifier.ts'
import { withoutDeadCode } from '../../src/passes/dead-code.ts'
import { initialWeights } from '../../src/weights/initial-weights.ts'
import { parameterReader } from '../../src/weights/parameter-values.ts'
import { sameNames } from '../../src/weights/name-map.ts'
import { wantedTensors } from '../../src/weights/wanted.ts'
import { graphOf } from '../support/graph-of.ts'

const evaluate = (
  operation: DerivationName,
  operands: readonly (readonly [shape: readonly number[], numbers: readonly number[]])[],
  attributes: Attributes = {},
) => {
  const inputs = operands.map(([shape, numbers]) => ({
    type: tensor(...shape),
    data: Float64Array.from(numbers),
  }))
  const type = inferDerived(
    operation,
    inputs.map((input) => input.type),
    attributes,
  )
  if (typeof type === 'string') return type
  return [type.shape, [...derivations[operation].evaluate(inputs, attributes, type)]]
}

describe('operations', () => {
  it('repeat axes of size 1', () => {
    const kernel = [
      [2, 1, 1, 2],
      [1, 2, 3, 4],
    ] as const
    const factor = [
      [2, 1, 1, 1],
      [10, 100],
    ] as const
    expect(evaluate('multiply', [kernel, factor])).toEqual([
      [2, 1, 1, 2],
      [10, 20, 300, 400],
    ])
    expect(evaluate('add', [factor, kernel])).toEqual([
      [2, 1, 1, 2],
      [11, 12, 103, 104],
    ])
    expect(
      evaluate('subtract', [
        [[2], [5, 7]],
        [[2], [1, 2]],
      ]),
    ).toEqual([[2], [4, 5]])
  })

  it('work on one tensor', () => {
    expect(evaluate('offset', [[[2], [1, 2]]], { by: 0.5 })).toEqual([[2], [1.5, 2.5]])
    expect(evaluate('rsqrt', [[[2], [4, 0.25]]])).toEqual([[2], [0.5, 2]])
    expect(evaluate('reshape', [[[4], [1, 2, 3, 4]]], { shape: [2, 2] })).toEqual([
      [2, 2],
      [1, 2, 3, 4],
    ])
    expect(
      evaluate(
        'pad',
        [
          [
            [2, 1, 1, 1],
            [3, 4],
          ],
        ],
        { padding: [1, 0, 0, 2] },
      ),
    ).toEqual([
      [2, 1, 2, 3],
      [0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 4],
    ])
  })

  it.each<[DerivationName, readonly (readonly number[])[], Attributes, string]>([
    ['add', [[2], [3]], {}, 'combines 2 and 3'],
    ['multiply', [[2, 1], [2]], {}, 'combines 2 x 1 and 2'],
    ['rsqrt', [[2], [2]], {}, 'takes 1 parameters, not 2'],
    ['reshape', [[6]], { shape: [4] }, 'cannot make 4 of 6'],
    ['offset', [[2]], {}, 'adds no number'],
    ['pad', [[6]], { padding: [1, 1, 1, 1] }, 'pads kernels of four axes, and this has 6'],
  ])('%s refuses what does not fit', (operation, shapes, attributes, fault) => {
    expect(
      inferDerived(
        operation,
        shapes.map((shape) => tensor(...shape)),
        attributes,
      ),
    ).toBe(fault)
  })
})

const twoConvs = (): Graph => graphOf('stem = conv(3, 3, bias: false) as a -> conv(3, 3, bias: false) as b')

/** Both convolutions with the weights of the first. */
function shared(): Graph {
  const graph = twoConvs()
  const rewriter = new Rewriter(graph)
  const [first, second] = graph.nodes
  if (first === undefined || second === undefined) return expect.fail()
  rewriter.replace(second, { parameters: first.parameters })
  return withoutDeadCode(rewriter.finish())
}

describe('a parameter that two operators share', () => {
  it('is sound, counts once, and its work each time', () => {
    const [apart, together] = [analyze(twoConvs()), analyze(shared())]
    expect(verifyGraph(shared())).toEqual([])
    expect([apart.parameters, together.parameters]).toEqual([2 * 81, 81])
    expect(together.layers.map(({ parameters }) => parameters)).toEqual([81, 0])
    expect(together.macs).toBe(apart.macs)
    expect(together.bytes_weights).toBe(apart.bytes_weights)
    expect(apart.memory.peak - together.memory.peak).toBe(4 * 81)
  })

  it('has one gradient and one update in training', () => {
    const execution = eager(shared(), { mode: 'training', precision: 'fp32' })
    const { memory } = analyze(shared(), { execution, batch: 1 })
    const bytesOf = (part: string) => memory.parts.find(({ name }) => name === part)?.bytes
    expect(['weights', 'weight gradients', 'optimiser state'].map(bytesOf)).toEqual([4 * 81, 4 * 81, 4 * 81])
    expect(execution.calls.filter(({ pass }) => pass === 'update')).toHaveLength(1)
  })

  it('has one entry in a checkpoint, under the name that it was made with', () => {
    expect(wantedTensors(shared(), sameNames).map(({ key }) => key)).toEqual(['stem.a.weight'])
    expect([...initialWeights(shared(), 0).keys()]).toEqual(['stem.a.weight'])
  })

  it('is printed with its name where another operator reads it', () => {
    expect(printGraph(shared())).toMatch(/stem\.a\.weight\].*# stem\.b/)
  })
})

/** One convolution whose weights are the sum of its own and a padded 1 x 1 kernel. */
function merged(): Graph {
  const graph = graphOf('stem = conv(3, 3, bias: false) as a -> conv(3, 1, bias: false) as b')
  const rewriter = new Rewriter(graph)
  const [big, small] = graph.nodes
  const [own, other] = [big?.parameters.weight, small?.parameters.weight]
  if (big === undefined || small === undefined || own === undefined || other === undefined)
    return expect.fail()
  const padded = rewriter.derive('pad', [other], { padding: [1, 1, 1, 1] })
  rewriter.replace(big, { parameters: { weight: rewriter.derive('add', [own, padded]) } })
  rewriter.bypass(small, big.outputs[0] ?? -1)
  return withoutDeadCode(rewriter.finish())
}

describe('a derived parameter', () => {
  it('is computed in float64 from the values of a checkpoint', () => {
    const graph = merged()
    expect(verifyGraph(graph)).toEqual([])
    const weights = initialWeights(graph, 1)
    const weight = parameterReader(graph, weights)(graph.nodes[0]?.parameters.weight ?? -1)
    const [big, small] = [weights.get('stem.a.weight'), weights.get('stem.b.weight')]
    expect(weight[4]).toBe(Math.fround((big?.[4] ?? NaN) + (small?.[0] ?? NaN)))
    expect(weight[0]).toBe(big?.[0])
  })

  it('has no entry in a checkpoint; those that it reads have', () => {
    expect(wantedTensors(merged(), sameNames).map(({ key, isDirect }) => [key, isDirect])).toEqual([
      ['stem.a.weight', false],
      ['stem.b.weight', false],
    ])
  })

  it('counts as what the model holds', () => {
    expect(analyze(merged()).parameters).toBe(81)
    expect(analyze(merged()).memory.parts.find(({ name }) => name === 'weights')?.bytes).toBe(4 * 81)
  })

  it('asks for what the weights lack', () => {
    const graph = merged()
    const input = { shape: [3, 8, 8], data: new Float64Array(192) }
    expect(() => runReference(graph, new Map(), [input])).toThrow('no values for stem.b.weight')
  })
})
