import { describe, expect, test } from 'vitest'
import { elementCounts, type ElementCounts, type ElementKind } from '../../src/analysis/elements.ts'
import { GraphView } from '../../src/ir/view.ts'
import type { Graph } from '../../src/ir/graph.ts'
import { elements } from '../../src/ir/tensor-type.ts'
import { networkGraph, readJson } from './support.ts'

interface Published {
  readonly operations_at_224: {
    readonly bias_additions: number
    readonly other_elements: Readonly<Record<string, number>>
  }
}

const published = readJson('test/reference/published.json') as Readonly<Record<string, Published>>

/** What the reference calls otherwise: it names what ATen runs. */
const renamed: Readonly<Partial<Record<ElementKind, string>>> = {
  max_pool: 'max_pool_window',
  avg_pool: 'avg_pool_window',
  // `adaptive_avg_pool2d` of one position, and `mean` over height and width: both become `mean`.
  global_avg_pool: 'global_pool_or_mean_input',
  concat: 'moved_cat',
  // All padding of these networks that is not a convolution's own is that of their blur filters.
  pad: 'moved_reflection_pad2d',
  // `permute` and `contiguous` of space_to_depth and of the channel shuffle.
  copy: 'moved_clone',
}

/** The code averages a map to a vector at once, or calls `view`, which the reference does not list. */
const withoutFlatten = /^(tresnet|repghostnet|shufflenet)_/

/** Our counts as the reference writes them: what is written otherwise in PyTorch, with its reason. */
function asReference(name: string, graph: Graph): Record<string, number> {
  const { bias, ...others } = spelledOut(name, elementCounts(new GraphView(graph)))
  const counts = Object.entries(others).map(([kind, amount]) => [nameOf(kind), amount] as const)
  return { ...Object.fromEntries(counts), ...flattened(name, graph), bias_additions: bias ?? 0 }
}

const nameOf = (kind: string): string => Object.entries(renamed).find(([ours]) => ours === kind)?.[1] ?? kind

/** RepGhost's hard sigmoid is `relu6(x + 3) / 6`, three operators; the reference counts the quotient as a product. */
function spelledOut(name: string, counts: ElementCounts): ElementCounts {
  if (!name.startsWith('repghostnet')) return counts
  const { hard_sigmoid: gates = 0, add = 0, mul = 0, ...others } = counts
  return { ...others, relu6: gates, add: add + gates, mul: mul + gates }
}

/** `flatten` in front of the classifier is a view: nothing moves, but the reference lists its elements. */
function flattened(name: string, graph: Graph): Record<string, number> {
  const features = new GraphView(graph).nodes.filter(({ node }) => node.op === 'linear').at(-1)?.inputs
  return withoutFlatten.test(name) ? {} : { moved_reshape_alias: elements(features![0]!) }
}

test('all networks of the reference are compared', () => expect(Object.keys(published)).toHaveLength(40))

describe.each(Object.entries(published))('%s', (name, { operations_at_224: operations }) => {
  test('works on as many elements, kind by kind, as the official code in PyTorch', () => {
    const { bias_additions, other_elements } = operations
    expect(asReference(name, networkGraph(name, [3, 224, 224]))).toEqual({
      ...other_elements,
      bias_additions,
    })
  })
})
