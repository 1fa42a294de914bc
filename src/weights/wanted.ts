import type { Graph, Node, Parameter, ValueId } from '../ir/graph.ts'
import { Naming, type NameMap } from './name-map.ts'

/** A parameter of the graph, and what a checkpoint calls it. */
export interface Wanted {
  readonly parameter: Parameter
  /** The first operator that reads it. */
  readonly node: Node
  /** Whether the operator itself reads it, and not what is derived from it. */
  readonly isDirect: boolean
  readonly shape: readonly number[]
  /** Of what enters the operator: [C, H, W], or [C]. */
  readonly input: readonly number[]
  /** The official name. */
  readonly key: string
}

/**
 * Every parameter that some operator uses, in the graph's order.
 * @throws DiagnosticError E0652
 */
export function wantedTensors(graph: Graph, names: NameMap): readonly Wanted[] {
  const users = usersOfParameters(graph)
  const naming = new Naming(names)
  const shapeOf = (value: ValueId | undefined) =>
    value === undefined ? [] : (graph.values[value]?.type.shape ?? [])
  return graph.parameters.flatMap((parameter) => {
    const node = users.get(parameter.value)
    if (node === undefined) return []
    const path = parameter.name.slice(0, -(parameter.role.length + 1))
    const key = naming.officialName(path, parameter.role)
    const isDirect = Object.values(node.parameters).includes(parameter.value)
    return [
      { parameter, node, isDirect, shape: shapeOf(parameter.value), input: shapeOf(node.inputs[0]), key },
    ]
  })
}

/** The first operator that reads each parameter, directly or derived. */
function usersOfParameters(graph: Graph): ReadonlyMap<ValueId, Node> {
  const users = new Map<ValueId, Node>()
  for (const node of graph.nodes)
    for (const value of Object.values(node.parameters)) if (!users.has(value)) users.set(value, node)
  for (const { value, inputs } of [...graph.derived].reverse()) {
    const user = users.get(value)
    if (user !== undefined) for (const id of inputs) if (!users.has(id)) users.set(id, user)
  }
  return users
}

type Shape = readonly number[]

/**
 * Whether a tensor of shape `theirs` in a checkpoint holds the parameter. Shapes are compared exactly, since the same
 * numbers in another shape are another layer: a filter of 7 x 1 is none of 1 x 7. What may differ is named here: layers
 * that two libraries write with more or fewer axes of size 1, the values in the same order.
 */
export const holds = (wanted: Wanted, theirs: Shape): boolean =>
  isEqual(wanted.shape, theirs) ||
  (wanted.isDirect &&
    wanted.parameter.role === 'weight' &&
    otherShapes(wanted).some((shape) => isEqual(shape, theirs)))

/** How else the weights of the same layer are written. */
function otherShapes({ node, shape, input }: Wanted): readonly Shape[] {
  switch (node.op) {
    // [out, in], which a 1 x 1 convolution has as [out, in, 1, 1].
    case 'linear':
      return [[...shape, 1, 1]]
    case 'conv':
      return [...asLinear(shape, node.attributes['groups']), ...asSequence(shape, input)]
    // [C], which torchvision's layer scale (ConvNeXt) has as [C, 1, 1].
    case 'scale':
      return [[...shape, 1, 1]]
    default:
      return []
  }
}

/** A 1 x 1 convolution that sees all channels is a linear layer at each position. */
const asLinear = ([output = 0, input = 0, ...kernel]: Shape, groups: unknown): readonly Shape[] =>
  (groups ?? 1) === 1 && kernel.every((size) => size === 1) ? [[output, input]] : []

/**
 * A convolution over a map that is one row or column is PyTorch's `Conv1d` with a kernel of [out, in / groups, k], as ECA
 * has across its channels.
 */
function asSequence([output = 0, depth = 0, tall = 0, wide = 0]: Shape, input: Shape): readonly Shape[] {
  const [, height, width] = input
  return [
    ...(width === 1 && wide === 1 ? [[output, depth, tall]] : []),
    ...(height === 1 && tall === 1 ? [[output, depth, wide]] : []),
  ]
}

const isEqual = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((size, axis) => size === b[axis])

/** Whether `theirs` has our sizes in another order: a filter that lies otherwise, or another library's layout. */
export const isPermuted = (ours: Shape, theirs: Shape): boolean => isEqual(sorted(ours), sorted(theirs))

const sorted = (shape: Shape): Shape => [...shape].sort((a, b) => a - b)
