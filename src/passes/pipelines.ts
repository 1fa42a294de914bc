import type { Graph } from '../ir/graph.ts'
import { verifyGraph } from '../ir/verifier.ts'
import { withoutDeadCode } from './dead-code.ts'
import { foldNorms } from './fold-norm.ts'

/** From one graph to another that computes the same at inference. */
export interface Pass {
  /** As `--after` takes it. */
  readonly name: string
  /** One line for the help. */
  readonly doc: string
  readonly run: (graph: Graph) => Graph
  /** Whether the graph can still be trained: folded statistics cannot. */
  readonly keepsTraining: boolean
}

/** Every pass, in the order in which a full pipeline runs them. */
export const passes: readonly Pass[] = [
  {
    name: 'dead-code',
    doc: 'leave out operators that no output depends on',
    run: withoutDeadCode,
    keepsTraining: true,
  },
  {
    name: 'fold-norm',
    doc: 'fold batch norms into the convolutions and linear layers before them',
    run: foldNorms,
    keepsTraining: false,
  },
]

export const passNamed = (name: string): Pass | undefined => passes.find((pass) => pass.name === name)

/**
 * Runs passes one after another, and checks every invariant of the graph after each.
 * @throws Error that names the pass where one breaks a graph, which is that pass's fault and not the user's
 */
export function runPasses(graph: Graph, chosen: readonly Pass[]): Graph {
  return chosen.reduce((before, { name, run }) => {
    const after = run(before)
    const [fault] = verifyGraph(after)
    if (fault !== undefined) throw new Error(`the pass ${name} broke the graph of ${graph.name}: ${fault}`)
    return after
  }, graph)
}
