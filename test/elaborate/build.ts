import { expect } from 'vitest'
import { elaborate } from '../../src/elaborate/elaborate.ts'
import type { Graph, Node } from '../../src/ir/graph.ts'
import { loadProgram } from '../../src/project/load.ts'
import { hostOf } from '../support/host.ts'

export const load = (text: string) => loadProgram('net.arch', hostOf({ 'net.arch': text }))

export function build(text: string, options: Parameters<typeof elaborate>[1] = {}): Graph {
  const { graph, diagnostics } = elaborate(load(text), options)
  expect(diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message)).toEqual([])
  if (graph === undefined) throw new Error('no graph')
  return graph
}

export const network = (body: string) => `network net(width: int = 8) {\n  input 3 x 32 x 32\n${body}\n}`
export const paths = ({ nodes }: Graph) => nodes.map(({ path }) => path)
export const nodeAt = ({ nodes }: Graph, path: string): Node => {
  const found = nodes.find((node) => node.path === path)
  if (found === undefined)
    throw new Error(`no node ${path}; there are ${nodes.map((node) => node.path).join(', ')}`)
  return found
}
export const shapeOf = (graph: Graph, path: string) =>
  graph.values[nodeAt(graph, path).outputs[0] ?? -1]?.type.shape

export const unit = `
block unit(channels: int, stride: int = 1) {
  main = x -> conv(channels, 3, stride) -> batch_norm -> slot residual
  return main -> relu
}
`
