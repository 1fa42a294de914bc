import type { Graph } from '../../ir/graph.ts'
import { archc } from './archc.ts'
import { calflops } from './calflops.ts'
import type { Convention } from './convention.ts'
import { fvcore, fvcoreFused } from './fvcore.ts'
import { paperConvention } from './papers.ts'
import { ptflops, ptflopsAten } from './ptflops.ts'
import { thop } from './thop.ts'
import { torch } from './torch.ts'

/** Every way to count that archc knows, its own first. */
export const conventions: readonly Convention[] = [
  archc,
  fvcore,
  fvcoreFused,
  ptflops,
  ptflopsAten,
  thop,
  torch,
  calflops,
]

/** The name that stands for what a network's paper does. */
const PAPER = 'paper'

/** What `--convention` takes. */
export const conventionNames: readonly string[] = [...conventions.map(({ name }) => name), PAPER]

/** The convention of a name, which for `paper` depends on the network. */
export const conventionNamed = (name: string, graph: Graph): Convention | undefined =>
  name === PAPER ? paperConvention(graph) : conventions.find((one) => one.name === name)
