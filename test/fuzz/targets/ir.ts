import type { Graph } from '../../../src/ir/graph.ts'
import { elaborate } from '../../../src/ir/elaborate/elaborate.ts'
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
  readonly run: Run
}

export const ir: Target<IrInput> = { name: 'ir', make, run }

/** Graphs of some generated programs, small ones: a mutation of a large one meets the same code. */
const graphs = new Map<number, Graph>()
const SEEDS = 200

export function someGraph(random: Random): Graph {
  for (let seed = random.int(0, SEEDS - 1); ; seed++) {
    const known = graphs.get(seed)
    if (known !== undefined) return known
    const program = loadProgram('main.arch', hostOver(writeProgram(new Random(`graph/${seed}`)).files))
    const { graph } = elaborate(program)
    if (graph === undefined || graph.nodes.length > 60) continue
    graphs.set(seed, graph)
    return graph
  }
}

function make(random: Random): IrInput {
  const text = graphToJsonText(someGraph(random))
  const run = pickRun(random)
  if (random.chance(0.05)) return { text, changes: [], run }
  if (random.chance(0.2)) {
    const damaged = damageText(text, random)
    return { text: damaged.text, changes: [damaged.name], run }
  }
  const { value, names } = changeJson(JSON.parse(text), random)
  return { text: JSON.stringify(value), changes: names, run }
}

async function run({ text, changes, run: asked }: IrInput, probe: Probe): Promise<void> {
  const answers = isAnswer(probe)
  const graph = await probe.stepAsync('read', () => graphFromJsonText(text, { path: 'model.json' }), answers)
  probe.tally(graph === undefined ? 'refused' : 'accepted')
  probe.expect(changes.length > 0 || graph !== undefined, 'a graph that archc wrote is refused')
  if (graph === undefined) return
  await judgeGraph(graph, probe)
  judgeAnalysis(graph, asked, probe)
}
