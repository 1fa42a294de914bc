import type { Graph } from '../../ir/graph.ts'
import { archc } from './archc.ts'
import type { Convention } from './convention.ts'
import { fvcoreFused } from './fvcore.ts'

/** The papers whose figures are known to be counted in another way than multiply-accumulates alone, by `paper`. */
const others: Readonly<Record<string, Convention>> = {
  // FasterNet; see `fvcoreFused`.
  'arXiv:2303.03667': fvcoreFused,
}

/**
 * How the paper of a network counts: multiply-accumulates of convolutions and linear layers unless its code says
 * otherwise. RepGhost's (infotool/profile.py) is thop with all other rules taken out; TResNet's has no counter.
 */
export const paperConvention = ({ metadata }: Graph): Convention => others[metadata.paper ?? ''] ?? archc
