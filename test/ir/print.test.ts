import { describe, expect, it } from 'vitest'
import { graphFromJsonText, graphToJsonText } from '../../src/ir/json.ts'
import { printGraph } from '../../src/ir/print.ts'
import { smallGraph } from './graph-fixtures.ts'

describe('printGraph', () => {
  it('is what the golden file shows', async () => {
    await expect(printGraph(smallGraph())).toMatchFileSnapshot('golden/small.ir.txt')
  })

  it('is the same for a graph that went through JSON', async () => {
    const graph = smallGraph()
    const read = await graphFromJsonText(graphToJsonText(graph), { path: 'small.json' })
    expect(printGraph(read)).toBe(printGraph(graph))
  })

  it('does not depend on the order of keys', () => {
    const graph = smallGraph()
    const reversed = {
      ...graph,
      nodes: graph.nodes.map((node) => {
        const attributes = Object.fromEntries(Object.entries(node.attributes).reverse())
        return { ...node, attributes }
      }),
    }
    expect(printGraph(reversed)).toBe(printGraph(graph))
  })

  it('shows no control characters of names and places', () => {
    const graph = { ...smallGraph(), name: 'a\u001b[31m', doc: '\u0007' }
    expect(printGraph(graph).replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f]/)
  })
})
