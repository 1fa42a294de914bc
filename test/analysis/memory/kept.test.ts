import { expect, test } from 'vitest'
import { defaultExecution, type ExecutionOptions } from '../../../src/engines/kernel.ts'
import { GraphView, type TypedNode } from '../../../src/ir/view.ts'
import { keptForBackward } from './support.ts'
import { operatorOf, type OpName } from '../../../src/ir/ops/index.ts'
import type { Saves } from '../../../src/ir/ops/definition.ts'
import type { Graph } from '../../../src/ir/graph.ts'
import { networkGraph, readJson } from '../../networks/support.ts'

interface Reference {
  readonly batch: number
  readonly input: readonly number[]
  readonly bytes: Readonly<Record<string, number>>
}

/** Written by tools/reference/memory-pytorch.py. */
const reference = readJson('test/reference/memory-pytorch.json') as Reference
const IN_PLACE = '-inplace_abn'

const fp32: ExecutionOptions = {
  ...defaultExecution,
  precision: 'fp32',
  mode: 'training',
  layout: 'nchw',
  partialConv: 'split_cat',
}

const savesOf = ({ node, inputs, outputs }: TypedNode): Saves =>
  operatorOf(node.op).cost(node.attributes, inputs, outputs).saves

const saved = (graph: Graph, op: OpName, what: 'mask' | 'statistics'): number =>
  new GraphView(graph).nodes
    .filter(({ node }) => node.op === op)
    .reduce((sum, typed) => sum + savesOf(typed)[what], 0)

test.each(Object.entries(reference.bytes))(
  '%s keeps for the backward pass what PyTorch keeps',
  (name, bytes) => {
    const isInPlace = name.endsWith(IN_PLACE)
    const graph = networkGraph(name.replace(IN_PLACE, ''), reference.input)
    const kept = keptForBackward(graph, { ...fp32, abn: isInPlace ? 'inplace' : 'separate' }, reference.batch)
    // The reference has no drop path: on the CPU its masks are floats, ours are booleans.
    const dropPaths = reference.batch * saved(graph, 'drop_path', 'mask')
    // Of a norm in place, operators count a mean and a deviation a channel; the package keeps a variance, and a position.
    const norms = new GraphView(graph).nodes.filter(({ node }) => node.op === 'abn').length
    const statistics = isInPlace ? (4 * saved(graph, 'abn', 'statistics')) / 2 - 8 * norms : 0
    expect(kept - dropPaths - statistics).toBe(bytes)
  },
)

test('half of it in half precision, but for positions, statistics and the copy of the picture', () => {
  const graph = networkGraph('resnet50', reference.input)
  const full = keptForBackward(graph, fp32, 1) - keptForBackward(graph, fp32, 0)
  const mixed: ExecutionOptions = { ...fp32, precision: 'mixed' }
  const half = keptForBackward(graph, mixed, 1) - keptForBackward(graph, mixed, 0)
  const positions = 8 * 64 * 56 * 56
  expect(half).toBe((full - positions) / 2 + positions + 2 * 3 * 224 * 224)
})
