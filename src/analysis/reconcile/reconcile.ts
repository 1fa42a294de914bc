import type { Graph } from '../../ir/graph.ts'
import { countUnder } from '../conventions/count.ts'
import { archc } from '../conventions/archc.ts'
import { conventions } from '../conventions/index.ts'
import { refuseInexact } from '../counts.ts'
import { agreement, type Agreement, type Claim } from './claim.ts'
import { componentsOf, type Component } from './components.ts'
import { combinations } from './combinations.ts'

/** A network at one input size. */
export interface Sized {
  /** [C, H, W]. */
  readonly input: readonly number[]
  readonly graph: Graph
}

/** Sides at which papers give figures, besides that of the network. */
export const usualSides: readonly number[] = [192, 240, 256, 260, 288, 299, 300, 320, 380, 384]

/** One way in which a figure departs from archc's own count. */
export type Departure =
  | { readonly kind: 'size'; readonly input: readonly number[] }
  /** Two operations a multiply-accumulate. */
  | { readonly kind: 'doubled' }
  | { readonly kind: 'tool'; readonly convention: string; readonly title: string }
  /** `each`: what an element counts; `amount`: what the figure loses or gains. */
  | {
      readonly kind: 'without' | 'with'
      readonly component: Component
      readonly each: number
      readonly amount: number
    }

export interface Explanation {
  readonly total: number
  /** None: it is what archc counts. */
  readonly departures: readonly Departure[]
}

export interface Agreeing extends Explanation {
  readonly agreement: Agreement
}

export interface Reconciliation {
  readonly network: string
  readonly input: readonly number[]
  readonly claim: Claim
  /** What archc counts at the network's own size. */
  readonly own: number
  /** The simplest that agree: as few departures as it takes. Empty where nothing does. */
  readonly explanations: readonly Agreeing[]
  /** The closest of all, where none agrees. */
  readonly nearest: Explanation
  /** How many counts were tried, and how many of them agree. */
  readonly tried: number
  readonly agreeing: number
  readonly components: readonly Component[]
}

/** Beyond this, agreement says nothing: something always fits. */
const MOST_DEPARTURES = 3

/**
 * Looks for what a stated figure counts: archc's MACs with as few departures as will do, each of them named. `others` is
 * the same network at other input sizes.
 * @throws DiagnosticError E1301 where the network has more MACs than are counted exactly
 */
export function reconcile(own: Sized, claim: Claim, others: readonly Sized[] = []): Reconciliation {
  const macs = countUnder(own.graph, archc).total
  refuseInexact(macs, 'MACs', own.graph.name)
  const candidates = [own, ...others].flatMap((sized) =>
    candidatesAt(sized, sized === own ? [] : [{ kind: 'size', input: sized.input }]),
  )
  const agreeing = candidates.flatMap((one): Agreeing[] => {
    const agrees = agreement(one.total, claim)
    return agrees === undefined ? [] : [{ ...one, agreement: agrees }]
  })
  const best = agreeing
    .map((one) => surprise(one, claim))
    .reduce((least, one) => Math.min(least, one), Infinity)
  return {
    network: own.graph.name,
    input: own.input,
    claim,
    own: macs,
    explanations: agreeing.filter((one) => surprise(one, claim) === best),
    nearest: nearest(candidates, claim),
    tried: candidates.length,
    agreeing: agreeing.length,
    components: componentsOf(own.graph),
  }
}

function candidatesAt({ graph }: Sized, before: readonly Departure[]): Explanation[] {
  const macs = countUnder(graph, archc).total
  const tools = conventions
    .filter((convention) => convention !== archc)
    .map((convention): Explanation => {
      const { name, title } = convention
      return {
        total: countUnder(graph, convention).total,
        departures: [...before, { kind: 'tool', convention: name, title }],
      }
    })
  const counted = combinations(macs, componentsOf(graph), MOST_DEPARTURES - before.length)
  return [
    ...tools,
    ...counted.map(({ total, departures }) => ({ total, departures: [...before, ...departures] })),
  ]
}

/**
 * Departures, and half a one more where the figure had to be cut off rather than rounded. What it was called counts
 * too: two a multiply-accumulate surprises in what is called MACs, and not in what is called FLOPs.
 */
function surprise({ departures, agreement }: Agreeing, { calls }: Claim): number {
  const doubled = departures.some(({ kind }) => kind === 'doubled')
  const naming = doubled ? (calls === 'FLOPs' ? -0.75 : calls === 'MACs' ? 1 : 0) : 0
  return departures.length + naming + (agreement === 'cut' ? 0.5 : 0)
}

/** By ratio; of equal ones the simpler, which comes first. */
function nearest(candidates: readonly Explanation[], { value }: Claim): Explanation {
  const distance = ({ total }: Explanation): number =>
    total > 0 ? Math.abs(Math.log(total / value)) : Infinity
  const simple = candidates.filter(({ departures }) => departures.length <= 1)
  return simple.reduce((best, one) => (distance(one) < distance(best) ? one : best), {
    total: 0,
    departures: [],
  })
}
