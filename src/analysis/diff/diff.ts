import type { Analysis, Counts, LayerAnalysis, StageAnalysis } from '../analysis.ts'
import { measuresWith, type Measure } from '../measures.ts'
import type {
  BlockDifference,
  Change,
  ChangeKind,
  Difference,
  DiffKey,
  Figures,
  LayerDifference,
  PartDifference,
  Side,
  Sides,
} from './difference.ts'

/**
 * What changed from one network to another: parts are paired by name, the others by kind and order; within a part blocks,
 * and within a block layers, by path. Both were analysed for the same engine, device and batch. Linear in the layers.
 * @param labels what the sides are called; default: as the networks are
 */
export function diff(before: Analysis, after: Analysis, labels: Sides<string> = {}): Difference {
  const both = { before, after }
  return {
    before: sideOf(before, labels.before),
    after: sideOf(after, labels.after),
    total: figuresOf(sidesOf(both, valuesOfNetwork)),
    parts: alignParts(partsOf(before), partsOf(after)).map(partDifference),
  }
}

const sideOf = ({ network, input, run, throughput }: Analysis, label = network): Side => ({
  label,
  network,
  input,
  run,
  ...(throughput === undefined
    ? {}
    : { device: { name: throughput.device, title: throughput.title, model: throughput.model } }),
})

/** By name; of those without a namesake, the first stage is paired with the first, and so on. */
function alignParts(before: readonly Part[], after: readonly Part[]): readonly Sides<Part>[] {
  const keys = new Map([...keysOf(before, after), ...keysOf(after, before)])
  return align(before, after, (part) => keys.get(part) ?? '')
}

/** Names hold no space, so that none is one of these. */
function keysOf(parts: readonly Part[], others: readonly Part[]): ReadonlyMap<Part, string> {
  const known = new Set(others.map(({ id }) => id))
  const counts = new Map<string, number>()
  return new Map(
    parts.map((part) => {
      if (known.has(part.id)) return [part, part.id]
      const { kind } = part.stage
      const count = (counts.get(kind) ?? 0) + 1
      counts.set(kind, count)
      return [part, `${kind} ${count}`]
    }),
  )
}

function partDifference(parts: Sides<Part>): PartDifference {
  const blocks = align(parts.before?.blocks ?? [], parts.after?.blocks ?? [], ({ key }) => key).map(
    blockDifference,
  )
  const changed = blocks.filter(({ change }) => change !== 'same')
  const figures = figuresOf(sidesOf(parts, ({ values }) => values))
  const output = sidesOf(parts, ({ stage }) => stage.output)
  return {
    name: sidesOf(parts, ({ stage }) => stage.name),
    kind: (parts.after ?? parts.before)?.stage.kind ?? 'other',
    change: changeKindOf(parts, figures, changed.length === 0 && isEqual(output)),
    output,
    figures,
    same_blocks: blocks.length - changed.length,
    blocks: changed,
  }
}

function blockDifference(blocks: Sides<Block>): BlockDifference {
  const layers = align(blocks.before?.layers ?? [], blocks.after?.layers ?? [], ({ key }) => key).map(
    layerDifference,
  )
  const changed = layers.filter(({ change }) => change !== 'same')
  const figures = figuresOf(sidesOf(blocks, (block) => together(block.layers.map(({ values }) => values))))
  return {
    path: sidesOf(blocks, ({ path }) => path),
    change: changeKindOf(blocks, figures, changed.length === 0),
    figures,
    same_layers: layers.length - changed.length,
    layers: changed,
  }
}

function layerDifference(layers: Sides<Layer>): LayerDifference {
  const figures = figuresOf(sidesOf(layers, ({ values }) => values))
  const op = sidesOf(layers, ({ analysis }) => analysis.op)
  const output = sidesOf(layers, ({ analysis }) => analysis.output)
  return {
    path: sidesOf(layers, ({ analysis }) => analysis.path),
    change: changeKindOf(layers, figures, isEqual(op) && isEqual(output)),
    op,
    output,
    figures,
  }
}

/** Of names, and of shapes. */
const isEqual = ({ before, after }: Sides<string | readonly number[]>): boolean =>
  String(before) === String(after)

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
const sidesOf = <T, R>({ before, after }: Sides<T>, read: (item: T) => R): Sides<R> => ({
  ...(before === undefined ? {} : { before: read(before) }),
  ...(after === undefined ? {} : { after: read(after) }),
})

interface Layer {
  /** Below its block; empty where the block is the layer itself. */
  readonly key: string
  readonly analysis: LayerAnalysis
  readonly values: Values
}

interface Block {
  /** Below its part. */
  readonly key: string
  readonly path: string
  readonly layers: readonly Layer[]
}

interface Part {
  /** Its name; what belongs to no part has one that no stage can have. */
  readonly id: string
  readonly stage: StageAnalysis
  readonly values: Values
  readonly blocks: readonly Block[]
}

/** A network as parts of blocks of layers, as paths have it: `layer1.0.conv1` is `conv1` of the block `0` of `layer1`. */
function partsOf({ stages, layers, memory }: Analysis): readonly Part[] {
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
      values: valuesOf(analysis, peaks.get(index) ?? 0),
    })
  }
  return stages.map((stage) => {
    const id = stage.kind === 'other' ? NO_PART : stage.name
    const own = [...(blocks.get(id) ?? [])].map(([key, block]) => ({ key, ...block }))
    const all = own.flatMap((block) => block.layers)
    const peak = all.reduce((most, { values }) => Math.max(most, values.peak_memory ?? 0), 0)
    return { id, stage, values: valuesOf(stage, peak), blocks: own }
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

/** The peak of memory is told of parts too, from the course of a step; and it makes no difference of its own. */
const PEAK = 'peak_memory'

const isOfParts = ({ key, ofPart }: Measure): boolean => ofPart !== undefined || key === PEAK

/** First what parts and networks have alike, then what only whole networks have. */
const compared = [
  ...measuresWith('diff').filter(isOfParts),
  ...measuresWith('diff').filter((measure) => !isOfParts(measure)),
]

/** What something costs, by measure. */
type Values = Partial<Record<DiffKey, number>>

/** @param peak bytes that are in use at most while it runs */
function valuesOf(counts: Counts, peak: number): Values {
  const values: Values = {}
  for (const { key, ofPart } of compared) {
    const value = key === PEAK ? peak : ofPart?.(counts)
    if (value !== undefined) values[key] = value
  }
  return values
}

function valuesOfNetwork(analysis: Analysis): Values {
  const values: Values = {}
  for (const { key, ofNetwork } of compared) {
    const value = ofNetwork(analysis)
    if (value !== undefined) values[key] = value
  }
  return values
}

/** The values of some layers together: their sums, and the highest peak. */
function together(all: readonly Values[]): Values {
  const sum: Values = {}
  for (const each of all)
    for (const { key } of compared) {
      const value = each[key]
      if (value === undefined) continue
      const sofar = sum[key] ?? 0
      sum[key] = key === PEAK ? Math.max(sofar, value) : sofar + value
    }
  return sum
}

/** A value of what is not there is 0; a measure that neither side has is left out. */
function figuresOf({ before, after }: Sides<Values>): Figures {
  const figures: Partial<Record<DiffKey, Change>> = {}
  for (const { key } of compared) {
    const [from, to] = [before?.[key], after?.[key]]
    if (from !== undefined || to !== undefined) figures[key] = changeOf(from ?? 0, to ?? 0)
  }
  // Every measure that needs no device has a value, on whichever side there is something.
  return figures as Figures
}

const changeOf = (before: number, after: number): Change => ({
  before,
  after,
  delta: after - before,
  ...(before === 0 ? {} : { percent: 100 * ((after - before) / before) }),
})

/**
 * What became of something.
 * @param isAlike whether its operators and shapes are the same
 */
function changeKindOf<T>({ before, after }: Sides<T>, figures: Figures, isAlike: boolean): ChangeKind {
  if (before === undefined) return 'added'
  if (after === undefined) return 'removed'
  const isEqual = Object.entries(figures).every(([key, { delta }]) => key === PEAK || delta === 0)
  return isAlike && isEqual ? 'same' : 'changed'
}
