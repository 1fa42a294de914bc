import { GraphView } from '../../../src/ir/view.ts'
import { describe, expect, it } from 'vitest'
import { countUnder } from '../../../src/analysis/conventions/count.ts'
import type { Convention } from '../../../src/analysis/conventions/convention.ts'
import { conventionNamed, conventionNames, conventions } from '../../../src/analysis/conventions/index.ts'
import type { Graph, Node } from '../../../src/ir/graph.ts'
import { isOpName, opNames } from '../../../src/ir/ops/index.ts'
import { GraphSketch, smallGraph } from '../../ir/graph-fixtures.ts'
import { networkGraph, readJson } from '../../networks/support.ts'
import { unseen } from './unseen.ts'

/** What `tools/reference/counters-python.py` wrote. */
interface Reference {
  readonly versions: Readonly<Record<string, string>>
  readonly operators: Readonly<Record<string, OperatorCount>>
  readonly networks: Readonly<Record<string, Counts>>
}

type Counts = Readonly<Record<string, number>>

interface OperatorCount {
  readonly op: string
  readonly note: string
  readonly attributes: Node['attributes']
  readonly inputs: readonly (readonly number[])[]
  readonly counts: Counts
}

const reference = readJson('test/reference/counters.json') as Reference

const tools = conventions.filter(({ name }) => !['archc', 'fvcore_fused'].includes(name))

/** A graph of one node. Inputs after the first are made of nothing: only their types count. */
function graphOf({ op, attributes, inputs }: OperatorCount): Graph {
  if (!isOpName(op)) throw new Error(`no operator ${op}`)
  const sketch = new GraphSketch(...(inputs[0] ?? []))
  const others = inputs.slice(1).map((shape) => {
    sketch.values.push({ id: sketch.values.length, type: { dtype: 'float32', shape } })
    return sketch.values.length - 1
  })
  const output = sketch.one({ op, path: 'only', attributes, inputs: [sketch.input, ...others] })
  return sketch.graph('one', output)
}

describe.each(tools.map((tool) => [tool.name, tool] as const))('%s', (name, convention) => {
  it.each(Object.entries(reference.operators))('counts %s as the tool does', (_, one) => {
    // `mean` is no module; see `unseen.ts`.
    const ours = one.note === 'as a mean' ? 0 : countUnder(new GraphView(graphOf(one)), convention).total
    expect(ours).toBe(one.counts[name])
  })

  it.each(Object.entries(reference.networks))('counts %s as the tool does', (network, counts) => {
    expect(seen(network, convention)).toBe(counts[name])
  })
})

/** Our count, without what the tool does not see in the code that it was run on. */
function seen(network: string, convention: Convention): number {
  const graph = networkGraph(network, [3, 224, 224])
  const hidden = unseen.filter((one) => one.networks.includes(network) && one.tools.includes(convention.name))
  return hidden.reduce(
    (total, { op, where = () => true }) => {
      const without = { ...convention, rules: { ...convention.rules, [op]: () => 0 } }
      const full = countUnder(new GraphView(graph), convention).perLayer
      const less = countUnder(new GraphView(graph), without).perLayer
      const lost = full.map((layer, index) => (where(layer) ? layer.amount - (less[index]?.amount ?? 0) : 0))
      expect(Math.max(...lost)).toBeGreaterThan(0)
      return total - lost.reduce((sum, amount) => sum + amount, 0)
    },
    countUnder(new GraphView(graph), convention).total,
  )
}

describe('conventions', () => {
  it('name the versions that were run', () => {
    for (const { name, title } of tools) {
      const [tool = ''] = name.split('_')
      // A build for one kind of machine says so (2.13.0+cpu), and thop's own metadata spell `.post` as `-`.
      const version = reference.versions[tool]?.split('+')[0]?.replace('-', '.post')
      expect(title).toContain(version)
    }
  })

  it('are compared operator by operator, and none is left out', () => {
    expect(
      opNames.filter((name) => !Object.values(reference.operators).some(({ op }) => op === name)),
    ).toEqual([])
  })

  it('count an activated norm as its two halves', () => {
    const graph = smallGraph()
    const ptflops = conventionNamed('ptflops', graph) ?? expect.fail()
    const abn = countUnder(new GraphView(graph), ptflops).perLayer.find(({ op }) => op === 'abn')
    expect(abn?.amount).toBe((2 + 1) * 8 * 16 * 12)
  })

  it('have a name each, and `paper` for what the network at hand was published with', () => {
    expect(conventionNames).toHaveLength(new Set(conventionNames).size)
    const named = (network: string) => conventionNamed('paper', networkGraph(network))?.name
    expect(named('tresnet_m')).toBe('archc')
    expect(named('fasternet_t0')).toBe('fvcore_fused')
    expect(conventionNamed('nothing', smallGraph())).toBeUndefined()
  })

  /** Millions, as FasterNet's and RepGhost's tables have them. */
  it.each([
    ['fasternet_t0', 340, 10],
    ['fasternet_t1', 850, 10],
    ['fasternet_t2', 1900, 10],
    ['fasternet_s', 4550, 10],
    ['fasternet_m', 8720, 10],
    ['fasternet_l', 15490, 10],
    ['repghostnet_050', 43, 1],
    ['repghostnet_100', 142, 1],
    ['repghostnet_200', 516, 1],
  ])("give %s the paper's figure, %d M", (network, figure, unit) => {
    const graph = networkGraph(network, [3, 224, 224])
    const { total } = countUnder(new GraphView(graph), conventionNamed('paper', graph) ?? expect.fail())
    expect(Math.round(total / 1e6 / unit) * unit).toBe(figure)
  })

  it('add up: layers to the total', () => {
    const graph = networkGraph('tresnet_m')
    for (const convention of conventions) {
      const { total, perLayer } = countUnder(new GraphView(graph), convention)
      expect(perLayer.map(({ path }) => path)).toEqual(graph.nodes.map(({ path }) => path))
      expect(perLayer.reduce((sum, { amount }) => sum + amount, 0)).toBe(total)
    }
  })
})
