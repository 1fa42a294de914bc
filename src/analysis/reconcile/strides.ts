import { sizesOf } from '../../ir/ops/tensors.ts'
import type { TypedNode } from '../execution/types.ts'
import type { Links } from './links.ts'
import { macsOf } from './shortcuts.ts'

/**
 * What a bottleneck saves by striding in its first 1x1 convolution, as He et al. 2015 (arXiv:1512.03385) have it, where
 * the network strides in the 3x3 behind it, as later code does: per 1x1 convolution, the MACs of the positions that the
 * stride would have left out. The strided convolution itself costs the same either way.
 */
export function strideSavings(links: Links): ReadonlyMap<TypedNode, number> {
  const savings = new Map<TypedNode, number>()
  for (const typed of links.nodes) {
    if (!isPointwise(typed)) continue
    const strided = filterBehind(typed, links)
    if (strided === undefined || !isStrided(strided)) continue
    const positions = area(typed.outputs)
    savings.set(typed, (macsOf(typed) / positions) * (positions - area(strided.outputs)))
  }
  return savings
}

const isPointwise = ({ node: { op, attributes } }: TypedNode): boolean =>
  op === 'conv' && String(attributes['kernel']) === '1,1' && String(attributes['stride']) === '1,1'

/** Not a depthwise one: those of inverted bottlenecks stride behind a 1x1 convolution by design. */
const isStrided = ({ node: { op, attributes }, inputs }: TypedNode): boolean =>
  op === 'conv' &&
  String(attributes['kernel']) === '3,3' &&
  String(attributes['stride']) === '2,2' &&
  attributes['groups'] !== sizesOf(inputs).channels

/** The one convolution that reads a node's result, through norm and activation. */
function filterBehind(typed: TypedNode, { users }: Links): TypedNode | undefined {
  let next: TypedNode | undefined = typed
  for (let steps = 0; steps < 4; steps++) {
    const readers: readonly TypedNode[] = users.get(next.node.outputs[0] ?? -1) ?? []
    next = readers.length === 1 ? readers[0] : undefined
    if (next === undefined || next.node.op === 'conv') return next
  }
  return undefined
}

const area = (outputs: TypedNode['outputs']): number => {
  const [height, width] = sizesOf(outputs).size
  return height * width
}
