import type { SizeAdvice } from '../diagnostics/catalogue/sizes.ts'
import type { Span } from '../source/span.ts'
import type { Draft, GraphBuilder } from './graph-builder.ts'
import { isProblem } from '../ir/ops/definition.ts'
import { operatorOf } from '../ir/ops/index.ts'
import { greatestCommonDivisor } from '../ir/ops/tensors.ts'
import { tensor, type TensorType } from '../ir/tensor-type.ts'
import type { ValueId } from '../ir/graph.ts'

/** Beyond this many operators nothing is said of where sizes come from: walking over them again would take long. */
const MOST_NODES = 5000
/** Total strides beyond this are no advice. */
const MOST_MULTIPLE = 4096

type Pair = readonly [number, number]
const sides: readonly [0, 1] = [0, 1]

/**
 * Why two maps that belong together have different sizes, where their sizes went different ways: strides in all that
 * differ, or one stride over a size that it does not divide. Sizes of the input that are said to work were tried.
 */
export function sizeAdvice(builder: GraphBuilder, a: ValueId, b: ValueId, at: Span): SizeAdvice | undefined {
  const [input] = builder.inputIds
  if (input === undefined || builder.size > MOST_NODES) return undefined
  const nodes = ancestorsOf(builder.nodes, [a, b])
  const scales = scalesOf(builder, nodes, input)
  const [first, second] = [scales.get(a), scales.get(b)]
  if (first === undefined || second === undefined) return undefined
  const ratio = ratioOf(first, second)
  const resized = nodes.some(({ op }) => op === 'upsample' || op === 'depth_to_space')
  if (ratio !== undefined) return { kind: 'strides', ratio, resized }
  const rounded = roundedBy(builder, nodes, at)
  if (rounded === undefined) return undefined
  const size = sizeOf(builder.typeOf(input))
  const multiple = multipleOf(nodes, scales)
  const works =
    multiple === undefined
      ? []
      : candidates(size, multiple).filter((one) => agree(builder, nodes, input, one, [a, b]))
  return { kind: 'rounding', rounded, resized, input: size, multiple: multiple ?? [1, 1], works }
}

const sizeOf = ({ shape }: TensorType): Pair => [shape[1] ?? 1, shape[2] ?? 1]

/** The nodes that values come from, in the order of execution. */
function ancestorsOf(nodes: readonly Draft[], values: readonly ValueId[]): readonly Draft[] {
  const wanted = new Set(values)
  const found = [...nodes].reverse().filter(({ inputs, outputs }) => {
    if (!outputs.some((id) => wanted.has(id))) return false
    for (const id of inputs) wanted.add(id)
    return true
  })
  return found.reverse()
}

/** A size as a part of the input's: numerator and denominator, if no stride rounded. */
interface Scale {
  readonly times: number
  readonly by: number
}

type Scales = readonly [Scale, Scale]

/** How much every node enlarges or reduces its map, by its attributes. */
function stepOf({ op, attributes }: Draft, side: 0 | 1): Scale {
  const of = (name: string): number => {
    const value = attributes[name]
    return typeof value === 'number' ? value : typeof value === 'object' ? (value[side] ?? 1) : 1
  }
  if (op === 'upsample') return { times: of('factor'), by: 1 }
  if (op === 'depth_to_space') return { times: of('block'), by: 1 }
  if (op === 'space_to_depth') return { times: 1, by: of('block') }
  return { times: 1, by: of('stride') }
}

function scalesOf(
  builder: GraphBuilder,
  nodes: readonly Draft[],
  input: ValueId,
): ReadonlyMap<ValueId, Scales> {
  const unit = { times: 1, by: 1 }
  const scales = new Map<ValueId, Scales>([[input, [unit, unit]]])
  for (const node of nodes) {
    const made = sides.map((side) => {
      // Of maps that are joined, one of a single pixel says nothing about the size of the result.
      const from = [...node.inputs].sort(
        (p, q) => sizeOf(builder.typeOf(q))[side] - sizeOf(builder.typeOf(p))[side],
      )[0]
      const before = from === undefined ? undefined : scales.get(from)?.[side]
      const step = stepOf(node, side)
      return reduced((before?.times ?? 1) * step.times, (before?.by ?? 1) * step.by)
    })
    const [height = unit, width = unit] = made
    for (const id of node.outputs) scales.set(id, [height, width])
  }
  return scales
}

function reduced(times: number, by: number): Scale {
  const common = greatestCommonDivisor(times, by)
  return { times: times / common, by: by / common }
}

/** By how much the second map is reduced more than the first one, or less; `undefined` where both are alike. */
function ratioOf(first: Scales, second: Scales): Scale | undefined {
  for (const side of sides) {
    const ratio = reduced(first[side].times * second[side].by, first[side].by * second[side].times)
    if (ratio.times !== ratio.by) return ratio
  }
  return undefined
}

/** The first stride that does not divide the size that it meets. */
function roundedBy(builder: GraphBuilder, nodes: readonly Draft[], at: Span) {
  for (const node of nodes)
    for (const side of sides) {
      const [from] = node.inputs
      const [to] = node.outputs
      const stride = stepOf(node, side).by
      if (from === undefined || to === undefined || stride === 1) continue
      const size = sizeOf(builder.typeOf(from))[side]
      if (size % stride === 0) continue
      const { file, line } = node.provenance.location
      return {
        op: node.op,
        place: file === at.file.path ? `line ${line}` : `${file}:${line}`,
        axis: side === 0 ? ('height' as const) : ('width' as const),
        size,
        stride,
        becomes: sizeOf(builder.typeOf(to))[side],
      }
    }
  return undefined
}

/** What the input's sizes have to be multiples of, so that every stride divides what it meets. */
function multipleOf(nodes: readonly Draft[], scales: ReadonlyMap<ValueId, Scales>): Pair | undefined {
  const multiple: [number, number] = [1, 1]
  for (const { outputs } of nodes)
    for (const side of sides) {
      const by = scales.get(outputs[0] ?? -1)?.[side].by ?? 1
      multiple[side] = (multiple[side] * by) / greatestCommonDivisor(multiple[side], by)
      if (multiple[side] > MOST_MULTIPLE) return undefined
    }
  return multiple
}

/** The sizes next to the input's, below and above. */
function candidates(size: Pair, multiple: Pair): readonly Pair[] {
  const at = (round: (value: number) => number): Pair => [
    round(size[0] / multiple[0]) * multiple[0],
    round(size[1] / multiple[1]) * multiple[1],
  ]
  const [below, above] = [at(Math.floor), at(Math.ceil)]
  const isSame = below[0] === above[0] && below[1] === above[1]
  return (isSame ? [] : [below, above]).filter((one) => Math.min(...one) > 0 && Math.max(...one) <= 65536)
}

/** Whether two values have one size where the input has another: all that leads to them is worked out again. */
function agree(
  builder: GraphBuilder,
  nodes: readonly Draft[],
  input: ValueId,
  [height, width]: Pair,
  values: Pair,
): boolean {
  const channels = builder.typeOf(input).shape[0] ?? 1
  const types = new Map<ValueId, TensorType>([[input, tensor(channels, height, width)]])
  for (const { op, attributes, inputs, outputs } of nodes) {
    const given = inputs.map((id) => types.get(id) ?? builder.typeOf(id))
    const made = operatorOf(op).infer(attributes, given)
    if (isProblem(made)) return false
    outputs.forEach((id, index) => {
      const type = made[index]
      if (type !== undefined) types.set(id, type)
    })
  }
  const [a, b] = values.map((id) => sizeOf(types.get(id) ?? builder.typeOf(id)))
  return a !== undefined && b !== undefined && a[0] === b[0] && a[1] === b[1]
}
