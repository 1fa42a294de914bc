import type { Component } from './components.ts'
import type { Departure, Explanation } from './reconcile.ts'

/** What an element of a norm counts: scale and shift as one operation or as two. */
const weights: Readonly<Partial<Record<Component['name'], readonly number[]>>> = { norms: [1, 2] }

/** Every count with at most so many departures from `macs`, the fewest first. */
export function combinations(macs: number, components: readonly Component[], most: number): Explanation[] {
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
