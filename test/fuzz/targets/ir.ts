import type { Graph } from '../../../src/ir/graph.ts'
import { elaborate } from '../../../src/elaborate/elaborate.ts'
import { graphFromJsonText, graphToJsonText } from '../../../src/ir/json.ts'
import { loadProgram } from '../../../src/project/load.ts'
import { hostOver } from '../corpus.ts'
import { isAnswer } from '../diagnosed.ts'
import { writeProgram } from '../generate/programs.ts'
import { judgeAnalysis, judgeGraph, pickRun, type Run } from '../graphs.ts'
import { changeJson, damageText } from '../json-mutations.ts'
import { Random } from '../random.ts'
import type { Probe, Target } from '../target.ts'

interface IrInput {
  readonly text: string
  readonly changes: readonly string[]
  /** As which run it is analysed; absent in most, since that takes longer than to read it. */
  readonly run?: Run
  /** Whether diagnostics are rendered. */
  readonly render: boolean
}

export const ir: Target<IrInput> = { name: 'ir', make, run }

/** Graphs of some generated programs, small ones: a mutation of a large one meets the same code. */
const graphs = new Map<string, Graph>()
const texts = new Map<Graph, string>()
const SEEDS = 100
const MOST_NODES = 25
/** One in so many is a graph of its own, so that a long run sees more than those. */
const FRESH = 100

/** Which graph an input is about. */
export const graphSeed = (random: Random): string =>
  random.chance(1 / FRESH) ? `fresh/${random.next()}` : String(random.int(0, SEEDS - 1))

export function graphOf(seed: string): Graph {
  const known = graphs.get(seed)
  if (known !== undefined) return known
  const random = new Random(`graph/${seed}`)
  for (;;) {
    const { files } = writeProgram(random, random.skewed(4, 16))
    const { graph } = elaborate(loadProgram('main.arch', hostOver(files)))
    if (graph === undefined || graph.nodes.length > MOST_NODES) continue
    if (!seed.startsWith('fresh')) graphs.set(seed, graph)
    return graph
  }
}

function textOf(graph: Graph): string {
  const text = texts.get(graph) ?? graphToJsonText(graph)
  if (texts.size < SEEDS) texts.set(graph, text)
  return text
}

function make(random: Random): IrInput {
  const text = textOf(graphOf(graphSeed(random)))
  const run = pickRun(random)
  const how = { ...(random.chance(1 / 3) ? { run } : {}), render: random.chance(1 / 4) }
  if (random.chance(0.05)) return { text, changes: [], ...how }
  if (random.chance(0.2)) {
    const damaged = damageText(text, random)
    return { text: damaged.text, changes: [damaged.name], ...how }
  }
  const { value, names } = changeJson(JSON.parse(text), random)
  return { text: JSON.stringify(value), changes: names, ...how }
}

async function run({ text, changes, run: asked, render }: IrInput, probe: Probe): Promise<void> {
  const answers = isAnswer(probe, render)
  const graph = await probe.stepAsync('read', () => graphFromJsonText(text, { path: 'model.json' }), answers)
  probe.tally(graph === undefined ? 'refused' : 'accepted')
  probe.expect(changes.length > 0 || graph !== undefined, 'a graph that archc wrote is refused')
  if (graph === undefined) return
  await judgeGraph(graph, probe)
  if (asked !== undefined) judgeAnalysis(graph, asked, probe)
}
