import { expect, it } from 'vitest'
import { liveValues, wasLeftOut, withoutDeadCode } from '../../src/passes/dead-code.ts'
import { published } from '../../src/host/built-ins.ts'
import { networkGraph } from '../networks/support.ts'

it('published networks have nothing to leave out', () => {
  for (const { name } of published()) {
    const graph = networkGraph(name)
    expect(withoutDeadCode(graph)).toBe(graph)
    const live = liveValues(graph.nodes, graph.outputs)
    expect(graph.nodes.filter(({ outputs }) => !outputs.some((id) => live.has(id)))).toEqual([])
  }
})

it('a graph that ends earlier loses what came after, with its parameters and parts, and nothing else', () => {
  const graph = networkGraph('resnet18')
  const layer2 = graph.parts.find(({ name }) => name === 'layer2')
  const cut = withoutDeadCode({ ...graph, outputs: [layer2?.output ?? -1] })
  expect(cut.parts.map(({ name }) => name)).toEqual(['stem', 'layer1', 'layer2'])
  expect(cut.parameters.map(({ name }) => name)).toEqual(
    graph.parameters.map(({ name }) => name).filter((name) => /^(stem|layer1|layer2)\./.test(name)),
  )
  expect(cut.values.map(({ id }) => id)).toEqual([...cut.values.keys()])
  expect([wasLeftOut(cut, 'layer3'), wasLeftOut(cut, 'layer2'), wasLeftOut(graph, 'layer3')]).toEqual([
    true,
    false,
    false,
  ])
})
