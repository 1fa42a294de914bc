import { type Component, componentsOf } from './components.ts'
import type { Graph } from '../../ir/graph.ts'
import { GraphView } from '../../ir/view.ts'
import { countUnder } from '../conventions/count.ts'
import { archc } from '../conventions/archc.ts'
import { conventions } from '../conventions/index.ts'
import { refuseInexact } from '../counts.ts'

/** A figure that someone stated, and what it can stand for. */
export interface Claim {
  /** As it was given. */
  readonly text: string
  /** Operations. */
  readonly value: number
  /** One unit of the last digit given: 0.01 G of `4.09`. */
  readonly step: number
  /** What it was called, if it was. */
  readonly calls?: 'MACs' | 'FLOPs'
}

/** How a number agrees with a claim: it rounds to it, or it is cut off to it (3.858 as 3.8). */
type Agreement = 'rounded' | 'cut'

const scales: Readonly<Record<string, number>> = { k: 1e3, m: 1e6, g: 1e9, b: 1e9, t: 1e12, p: 1e15 }
/** Of a text in which each stretch of spaces is one space. */
const form = /^(\d{1,16})(?:\.(\d{1,12}))? ?([kmgbtp])? ?-? ?(macs?|m-?adds?|mult-?adds?|flops?)?$/i

/** From this on, a number without a unit is one of operations; below, of billions. */
const PLAIN = 100_000

/**
 * Reads `4.09`, `4.09G`, `43 MMACs`, `0.39B FLOPs`, `5734965248`: billions where no prefix says otherwise and the number
 * is small. Undefined where it is none of these, or 0.
 */
export function readClaim(text: string): Claim | undefined {
  const match = form.exec(text.trim().replace(/\s+/g, ' '))
  if (match === null) return undefined
  const [, whole = '', fraction = '', prefix, noun] = match
  const written = Number(fraction === '' ? whole : `${whole}.${fraction}`)
  const scale = scales[(prefix ?? (written >= PLAIN ? '' : 'g')).toLowerCase()] ?? 1
  if (written === 0) return undefined
  return {
    text: text.trim(),
    value: written * scale,
    step: scale / 10 ** fraction.length,
    ...(noun === undefined ? {} : { calls: /^flops?$/i.test(noun) ? 'FLOPs' : 'MACs' }),
  }
}

/** Compared in units of the last digit, so that neither end depends on how doubles round. */
export function agreement(total: number, { value, step }: Claim): Agreement | undefined {
  const claimed = Math.round(value / step)
  const found = total / step
  if (found >= claimed - 0.5 && found < claimed + 0.5) return 'rounded'
  return Math.floor(found) === claimed ? 'cut' : undefined
}

/** What an element of a norm counts: scale and shift as one operation or as two. */
const weights: Readonly<Partial<Record<Component['name'], readonly number[]>>> = { norms: [1, 2] }

/** Every count with at most so many departures from `macs`, the fewest first. */
function combinations(macs: number, components: readonly Component[], most: number): Explanation[] {
  const choices = components.flatMap(choicesOf)
  const counts: Explanation[] = []
  for (const doubled of [false, true]) {
    const rest = most - (doubled ? 1 : 0)
    for (const chosen of subsets(choices, rest)) counts.push(explanation(macs, doubled, chosen))
  }
  return counts.sort((a, b) => a.departures.length - b.departures.length)
}

interface Choice {
  readonly component: Component
  readonly each: number
}

const choicesOf = (component: Component): Choice[] =>
  (weights[component.name] ?? [1]).map((each) => ({ component, each }))

/** Of at most `most`, no component twice. */
function subsets(choices: readonly Choice[], most: number): Choice[][] {
  if (most < 0) return []
  let found: Choice[][] = [[]]
  for (const choice of choices) {
    const more = found
      .filter((set) => set.length < most && set.every(({ component }) => component !== choice.component))
      .map((set) => [...set, choice])
    found = [...found, ...more]
  }
  return found
}

/** A fixed filter's multiply-accumulates are doubled with the others; operations of other kinds are not. */
function explanation(macs: number, doubled: boolean, chosen: readonly Choice[]): Explanation {
  const each = doubled ? 2 : 1
  const departures = chosen.map(({ component, each: weight }): Departure => {
    const counted = component.of === 'elements' ? weight : each
    const kind = component.of === 'macs' ? 'without' : 'with'
    return { kind, component, each: counted, amount: counted * component.amount }
  })
  const changed = departures.reduce((sum, departure) => sum + signed(departure), 0)
  return {
    total: each * macs + changed,
    departures: doubled ? [{ kind: 'doubled' }, ...departures] : departures,
  }
}

const signed = (departure: Departure): number =>
  departure.kind === 'with' ? departure.amount : departure.kind === 'without' ? -departure.amount : 0

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
  const macs = countUnder(new GraphView(own.graph), archc).total
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
    components: componentsOf(new GraphView(own.graph)),
  }
}

function candidatesAt({ graph }: Sized, before: readonly Departure[]): Explanation[] {
  const view = new GraphView(graph)
  const macs = countUnder(view, archc).total
  const tools = conventions
    .filter((convention) => convention !== archc)
    .map((convention): Explanation => {
      const { name, title } = convention
      return {
        total: countUnder(view, convention).total,
        departures: [...before, { kind: 'tool', convention: name, title }],
      }
    })
  const counted = combinations(macs, componentsOf(view), MOST_DEPARTURES - before.length)
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
