import type { Analysis } from '../analysis.ts'
import { align, sidesOf, partsOf, type Block, type Layer, type Part } from './align-blocks.ts'
import {
  type BlockDifference,
  type Difference,
  type LayerDifference,
  type PartDifference,
  type Side,
  type Sides,
  amountsOf,
  changeOf,
  figuresOf,
  kindOf,
  together,
} from './difference.ts'

/**
 * What changed from one network to another: parts are paired by name, the others by kind and order; within a part blocks,
 * and within a block layers, by path. Both were analysed for the same engine, device and batch. Linear in the layers.
 * @param labels what the sides are called; default: as the networks are
 */
export function diff(before: Analysis, after: Analysis, labels: Sides<string> = {}): Difference {
  const both = { before, after }
  const speeds = sidesOf(both, ({ throughput }) => throughput?.images_per_second)
  return {
    before: sideOf(before, labels.before),
    after: sideOf(after, labels.after),
    total: {
      ...figuresOf(sidesOf(both, (analysis) => amountsOf(analysis, analysis.memory.peak))),
      ...(speeds.before === undefined || speeds.after === undefined
        ? {}
        : { images_per_second: changeOf(speeds.before, speeds.after) }),
    },
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
  const figures = figuresOf(sidesOf(parts, ({ amounts }) => amounts))
  const output = sidesOf(parts, ({ stage }) => stage.output)
  return {
    name: sidesOf(parts, ({ stage }) => stage.name),
    kind: (parts.after ?? parts.before)?.stage.kind ?? 'other',
    change: kindOf(parts, figures, changed.length === 0 && isEqual(output)),
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
  const figures = figuresOf(sidesOf(blocks, (block) => together(block.layers.map(({ amounts }) => amounts))))
  return {
    path: sidesOf(blocks, ({ path }) => path),
    change: kindOf(blocks, figures, changed.length === 0),
    figures,
    same_layers: layers.length - changed.length,
    layers: changed,
  }
}

function layerDifference(layers: Sides<Layer>): LayerDifference {
  const figures = figuresOf(sidesOf(layers, ({ amounts }) => amounts))
  const op = sidesOf(layers, ({ analysis }) => analysis.op)
  const output = sidesOf(layers, ({ analysis }) => analysis.output)
  return {
    path: sidesOf(layers, ({ analysis }) => analysis.path),
    change: kindOf(layers, figures, isEqual(op) && isEqual(output)),
    op,
    output,
    figures,
  }
}

/** Of names, and of shapes. */
const isEqual = ({ before, after }: Sides<string | readonly number[]>): boolean =>
  String(before) === String(after)
