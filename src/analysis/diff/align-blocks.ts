import { type Sides, amountsOf, type Amounts } from './difference.ts'
import type { Analysis, LayerAnalysis, StageAnalysis } from '../analysis.ts'

/**
 * Pairs the items of two lists that have the same key; keys are unique in each list. The order is that of the second
 * list; what only the first has stands behind what it stood behind there. Linear in the lists.
 */
export function align<T>(
  before: readonly T[],
  after: readonly T[],
  keyOf: (item: T) => string,
): readonly Sides<T>[] {
  const places = new Map(before.map((item, index) => [keyOf(item), index]))
  const kept = new Set(after.map(keyOf))
  const pairs: Sides<T>[] = []
  let next = 0
  const removeUpTo = (end: number): void => {
    for (const item of before.slice(next, end)) if (!kept.has(keyOf(item))) pairs.push({ before: item })
    next = Math.max(next, end)
  }
  for (const item of after) {
    const place = places.get(keyOf(item))
    if (place !== undefined) removeUpTo(place)
    const former = place === undefined ? undefined : before[place]
    pairs.push(former === undefined ? { after: item } : { before: former, after: item })
  }
  removeUpTo(before.length)
  return pairs
}

/** A value of each side that is there. */
export const sidesOf = <T, R>({ before, after }: Sides<T>, read: (item: T) => R): Sides<R> => ({
  ...(before === undefined ? {} : { before: read(before) }),
  ...(after === undefined ? {} : { after: read(after) }),
})

export interface Layer {
  /** Below its block; empty where the block is the layer itself. */
  readonly key: string
  readonly analysis: LayerAnalysis
  readonly amounts: Amounts
}

export interface Block {
  /** Below its part. */
  readonly key: string
  readonly path: string
  readonly layers: readonly Layer[]
}

export interface Part {
  /** Its name; what belongs to no part has one that no stage can have. */
  readonly id: string
  readonly stage: StageAnalysis
  readonly amounts: Amounts
  readonly blocks: readonly Block[]
}

/** A network as parts of blocks of layers, as paths have it: `layer1.0.conv1` is `conv1` of the block `0` of `layer1`. */
export function partsOf({ stages, layers, memory }: Analysis): readonly Part[] {
  const peaks = peaksOf(memory.timeline)
  const blocks = new Map<string, Map<string, { path: string; layers: Layer[] }>>()
  for (const [index, analysis] of layers.entries()) {
    const own = member(
      blocks,
      analysis.part ?? NO_PART,
      () => new Map<string, { path: string; layers: Layer[] }>(),
    )
    const { block, path, key } = placeOf(analysis)
    member(own, block, () => ({ path, layers: [] })).layers.push({
      key,
      analysis,
      amounts: amountsOf(analysis, peaks.get(index) ?? 0),
    })
  }
  return stages.map((stage) => {
    const id = stage.kind === 'other' ? NO_PART : stage.name
    const own = [...(blocks.get(id) ?? [])].map(([key, block]) => ({ key, ...block }))
    const all = own.flatMap((block) => block.layers)
    const peak = all.reduce((most, { amounts }) => Math.max(most, amounts.peak_memory), 0)
    return { id, stage, amounts: amountsOf(stage, peak), blocks: own }
  })
}

/** Names hold no space. */
const NO_PART = 'no part'

function placeOf({ path, part }: LayerAnalysis): { block: string; path: string; key: string } {
  const prefix = part !== null && path.startsWith(`${part}.`) ? `${part}.` : ''
  const [block = '', ...rest] = path.slice(prefix.length).split('.')
  return { block, path: prefix + block, key: rest.join('.') }
}

/** The most that is in use while each layer runs, in either pass. */
function peaksOf(timeline: Analysis['memory']['timeline']): ReadonlyMap<number, number> {
  const peaks = new Map<number, number>()
  for (const { layer, bytes } of timeline) peaks.set(layer, Math.max(bytes, peaks.get(layer) ?? 0))
  return peaks
}

function member<V>(map: Map<string, V>, key: string, create: () => V): V {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = create()
  map.set(key, made)
  return made
}
