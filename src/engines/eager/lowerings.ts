import {
  type ActivationName,
  activationCosts,
  activationNames,
  activationOf,
} from '../../ir/ops/activations.ts'
import { totalElements } from '../../ir/ops/cost.ts'
import type { Attributes } from '../../ir/ops/definition.ts'
import { type AttributesOf, operatorOf, type OpName } from '../../ir/ops/index.ts'
import { batchNormCost } from '../../ir/ops/norms.ts'
import { elements } from '../../ir/tensor-type.ts'
import { sum } from '../../ir/sum.ts'
import { allParameters, type GraphView, type TypedNode } from '../../ir/view.ts'
import {
  bytesPerElement,
  type ElementType,
  type ExecutionOptions,
  INDEX_BYTES,
  type Kernel,
  type KernelKind,
  widest,
} from '../kernel.ts'
import { noBytes } from '../schedule.ts'
import { backwardKernel, learnedBytes } from '../training.ts'
import { lowerBlurPool, lowerConv, lowerLinear, lowerPartialConv } from './filters.ts'
import { type NodeLowering, type Tensor, tensorBytes } from './node-lowering.ts'

/** Appends the calls that PyTorch makes for a node; gives the node's outputs. */
type EagerLowering<A extends Attributes = Attributes> = (node: NodeLowering<A>) => readonly Tensor[]

/** A kernel that reads its inputs as they lie and writes the type given; the operator's one call. */
const onePass =
  (name: string, kind: KernelKind, typeOf = (node: NodeLowering): ElementType => node.widestOperand) =>
  (node: NodeLowering): readonly Tensor[] => {
    const type = typeOf(node)
    launchPass(node, name, kind, type)
    return node.finish(node.operands, node.freshOutputs(type))
  }

function launchPass(node: NodeLowering, name: string, kind: KernelKind, type: ElementType): void {
  const { reads, writes, indices, arithmetic } = node.forward
  node.launch(name, kind, {
    read: reads.reduce((all, amount, input) => all + amount * bytesPerElement[node.operand(input).type], 0),
    written: sum(writes) * bytesPerElement[type] + indices * INDEX_BYTES,
    arithmetic,
    weights: weightBytes(node),
  })
}

/** Parameters and buffers of what is no filter are read in the type in which they are kept. */
const weightBytes = ({ graph, typed, types }: NodeLowering): number =>
  allParameters(graph, typed.node) * bytesPerElement[types.kept]

/** An operator of one input that runs in fp32 under autocast (test/reference/autocast.json has PyTorch's own word for each). */
function inFullPrecision(node: NodeLowering, name: string, kind: KernelKind): readonly Tensor[] {
  const type = node.types.reductions
  const input = node.cast(node.operand(), type)
  const { reads, writes, arithmetic } = node.forward
  const each = bytesPerElement[type]
  node.launch(name, kind, {
    read: sum(reads) * each,
    written: sum(writes) * each,
    arithmetic,
    weights: weightBytes(node),
  })
  return node.finish([input], node.freshOutputs(type))
}

/** PyTorch's layer norm wants channels last in memory; where they are not, they are copied there. */
function layerNorm(node: NodeLowering): readonly Tensor[] {
  const isMap = (node.typed.inputs[0]?.shape[1] ?? 1) > 1
  if (node.options.layout === 'nchw' && isMap)
    node.launchCopy('contiguous', node.operand().elements, node.widestOperand)
  return inFullPrecision(node, 'layer_norm', 'norm')
}

const upsample = (node: NodeLowering): readonly Tensor[] => inFullPrecision(node, 'upsample', 'pointwise')

/** A sum or product of several is a chain of kernels of two, each of which writes a map of the widest type. */
function launchChain(node: NodeLowering, name: string): void {
  const bytes = sum(node.forward.writes) * bytesPerElement[node.widestOperand]
  const steps = node.operands.length - 1
  for (let step = 1; step <= steps; step++)
    node.launch(name, 'pointwise', {
      read: (step === 1 ? tensorBytes(node.operand()) : bytes) + tensorBytes(node.operand(step)),
      written: bytes,
      arithmetic: node.forward.arithmetic / steps,
    })
}

/** The gradient of a sum is that of each summand, and no copy is made; only one that was repeated has its own. */
function add(node: NodeLowering): readonly Tensor[] {
  launchChain(node, 'add')
  const outputs = node.freshOutputs()
  const shared = node.operands.filter(({ elements, type }) =>
    outputs.some((output) => output.elements === elements && output.type === type),
  )
  return node.finish(node.operands, outputs, { shared })
}

/** The gradient of a repeated factor is a whole map before it is summed. */
function mul(node: NodeLowering): readonly Tensor[] {
  launchChain(node, 'mul')
  const outputs = node.freshOutputs()
  const isRepeated = node.operands.some(({ elements }) =>
    outputs.some((output) => elements < output.elements),
  )
  const whole = tensorBytes(outputs[0] ?? node.operand())
  return node.finish(node.operands, outputs, { backwardScratch: isRepeated ? whole : 0 })
}

/** The factors are fp32 under autocast, and widen what they multiply; so is the map whose sums are their gradients. */
function scale(node: NodeLowering): readonly Tensor[] {
  const type = widest([node.widestOperand, node.types.kept])
  launchPass(node, 'scale', 'pointwise', type)
  const outputs = node.freshOutputs(type)
  return node.finish(node.operands, outputs, {
    backwardScratch: tensorBytes(outputs[0] ?? node.operand()),
  })
}

/** The gradients of what was joined are parts of one; those of another type are cast out of it. */
function concat(node: NodeLowering): readonly Tensor[] {
  const type = node.widestOperand
  launchPass(node, 'concat', 'copy', type)
  const shared = node.operands.filter((tensor) => tensor.type === type)
  return node.finish(node.operands, node.freshOutputs(), { shared })
}

/** A drop is a draw and a product in training, and nothing at inference. */
function dropped(node: NodeLowering): readonly Tensor[] {
  if (node.isTraining) return onePass(node.typed.node.op, 'pointwise')(node)
  const operand = node.operand()
  const outputs = [node.overwriting(operand, operand.needsGradient)]
  node.call({ inputs: node.operands, outputs: [] })
  return outputs
}

const activation =
  (name: ActivationName): EagerLowering =>
  (node) => {
    launchPass(node, name, 'pointwise', node.widestOperand)
    const kernels = node.backwardKernels(node.widestOperand)
    return [activated(node, name, node.operand(), node.canOverwrite, kernels)]
  }

/**
 * Where nothing else needs the input, its memory takes the output. In training PyTorch copies an input first that the
 * backward pass needs, which is as if the output were new.
 */
function activated(
  node: NodeLowering,
  name: ActivationName,
  input: Tensor,
  isFree: boolean,
  kernels: readonly Kernel[],
): Tensor {
  const { saves } = activationCosts[name]
  const overwrites = activationOf(name).runsInPlace && isFree && (saves === 'output' || !node.isTraining)
  const output = overwrites
    ? node.overwriting(input, input.needsGradient)
    : node.fresh(input.elements, input.type, input.needsGradient)
  const keeps = [saves === 'output' ? output.storage : input.storage]
  node.call({ inputs: [input], outputs: [output], keeps, backward: { kernels, scratch: noBytes } })
  return output
}

/**
 * Whether an activated batch norm runs in place, as the inplace_abn package has it: where that is asked for, and its
 * activation can be inverted, so that its output is all that it keeps. Others are batch norm, then the activation.
 */
const isInPlace = ({ cost }: TypedNode, { abn }: ExecutionOptions): boolean =>
  abn === 'inplace' && cost.saves.outputs.length > 0

function abn(node: NodeLowering<AttributesOf<'abn'>>): readonly Tensor[] {
  return isInPlace(node.typed, node.options) ? inPlaceAbn(node) : separateAbn(node)
}

/** Bytes that a GPU fetches at least: a sector (NVIDIA, "CUDA C++ Best Practices Guide", coalesced access). */
const SECTOR = 32

/**
 * The kernels of inplace_abn 1.1 walk over planes, channel by channel. Where channels lie together, neighbouring threads are
 * a pixel apart, and every element costs a sector. The input's memory takes the output, and the backward pass makes the
 * normalised map again, beside the gradient; where something else needs the input, memory is that of two operators.
 */
function inPlaceAbn(node: NodeLowering<AttributesOf<'abn'>>): readonly Tensor[] {
  const input = node.operand()
  const isScattered = node.options.layout === 'nhwc' && (node.typed.inputs[0]?.shape[1] ?? 1) > 1
  const each = isScattered ? SECTOR : bytesPerElement[input.type]
  node.launch('inplace_abn', 'norm', {
    read: sum(node.forward.reads) * each,
    written: input.elements * each,
    arithmetic: node.forward.arithmetic,
    weights: weightBytes(node),
  })
  if (node.canOverwrite) {
    const output = node.overwriting(input, node.needsGradient)
    return node.finish([input], [output], { backwardScratch: tensorBytes(input) })
  }
  return normalisedThenActivated(node, node.backwardKernels(input.type), [])
}

function separateAbn(node: NodeLowering<AttributesOf<'abn'>>): readonly Tensor[] {
  const { activation: name } = node.attributes
  const input = node.operand()
  const activating = name === 'none' ? 0 : activationCosts[name].forward * input.elements
  node.launch('batch_norm', 'norm', {
    read: sum(node.forward.reads) * bytesPerElement[input.type],
    written: tensorBytes(input),
    arithmetic: node.forward.arithmetic - activating,
    weights: weightBytes(node),
  })
  const { norm, activation } = separateBackward(node)
  return normalisedThenActivated(node, norm, activation)
}

/** The kernels of the gradients: the norm's, and the activation's, which come first. */
function separateBackward({
  graph,
  typed,
  options,
  attributes,
  operands,
  isTraining,
}: NodeLowering<AttributesOf<'abn'>>): {
  readonly norm: readonly Kernel[]
  readonly activation: readonly Kernel[]
} {
  if (!isTraining) return { norm: [], activation: [] }
  const { activation: name } = attributes
  const size = totalElements(typed.inputs)
  const each = bytesPerElement[operands[0]?.type ?? 'fp32']
  const { read, written, arithmetic } = batchNormCost(typed.inputs).backward
  const norm = backwardKernel('batch_norm backward', 'norm', options, {
    read: read * each,
    written: written * each,
    arithmetic,
    weights: learnedBytes(graph, typed.node, options),
  })
  if (name === 'none') return { norm: [norm], activation: [] }
  const activation = backwardKernel(`${name} backward`, 'pointwise', options, {
    read: 2 * size * each,
    written: size * each,
    arithmetic: activationCosts[name].backward * size,
  })
  return { norm: [norm], activation: [activation] }
}

/** The calls of a batch norm and of the activation in place after it. */
function normalisedThenActivated(
  node: NodeLowering<AttributesOf<'abn'>>,
  normBackward: readonly Kernel[],
  activationBackward: readonly Kernel[],
): readonly Tensor[] {
  const { activation: name } = node.attributes
  const input = node.operand()
  const [normalised = input] = node.freshOutputs()
  const notes = node.notes()
  node.call({
    inputs: [input],
    outputs: [normalised],
    makes: notes,
    keeps: [input.storage, ...notes],
    backward: { kernels: normBackward, scratch: node.weightGradients },
  })
  if (name === 'none') return [normalised]
  if (!isInPlace(node.typed, node.options)) {
    const bytes = tensorBytes(input)
    const arithmetic = activationCosts[name].forward * input.elements
    node.launch(name, 'pointwise', { read: bytes, written: bytes, arithmetic })
  }
  return [activated(node, name, normalised, true, activationBackward)]
}

/** Parts of a tensor are looked at where they lie; the gradient of the whole is made of theirs. */
function sections(node: NodeLowering): readonly Tensor[] {
  const whole = node.operand()
  const outputs = node.typed.outputs.map((output) => node.view(whole, elements(output), true))
  const backward = { kernels: node.backwardKernels(whole.type), scratch: noBytes }
  node.call({ inputs: [whole], outputs, backward })
  return outputs
}

/**
 * The same memory, and the same gradient. Channels come slowest in the logical order; where they lie together in memory,
 * their reordering is a copy.
 */
function reshape(node: NodeLowering): readonly Tensor[] {
  const input = node.operand()
  const isMap = [node.typed.inputs[0], node.typed.outputs[0]].some(
    (type) => (type?.shape[1] ?? 1) * (type?.shape[2] ?? 1) > 1,
  )
  const isCopied = node.options.layout === 'nhwc' && isMap
  if (isCopied || input.isStrided) node.launchCopy('contiguous', input.elements, input.type)
  const outputs = isCopied ? node.freshOutputs() : [node.view(input, input.elements, false)]
  const shared = isCopied ? [] : [input]
  const backward = { kernels: node.backwardKernels(input.type), scratch: noBytes }
  node.call({ inputs: [input], outputs, shared, backward })
  return outputs
}

/** What is not one call of one kernel that reads its inputs and writes its results, as the operator's cost has them. */
const special: { readonly [N in OpName]?: EagerLowering<AttributesOf<N>> } = {
  ...(Object.fromEntries(activationNames.map((name) => [name, activation(name)])) as Record<
    ActivationName,
    EagerLowering
  >),
  abn,
  add,
  blur_pool: lowerBlurPool,
  concat,
  conv: lowerConv,
  drop_path: dropped,
  dropout: dropped,
  flatten: reshape,
  layer_norm: layerNorm,
  linear: lowerLinear,
  mul,
  partial_conv: lowerPartialConv,
  reshape,
  scale,
  slice: sections,
  // It reads its input as it comes, and writes fp32 under autocast.
  softmax: onePass('softmax', 'reduction', ({ widestOperand, types }) =>
    widest([widestOperand, types.reductions]),
  ),
  split: sections,
  upsample,
}

/**
 * A filter's efficiency depends on its shape and a view's memory on its kind, so that each has a lowering of its own. A node's
 * attributes are its own operator's (`infer` refuses others), which the type of a union cannot say.
 */
export function eagerLoweringOf(op: OpName): EagerLowering {
  const own = special[op] as EagerLowering | undefined
  if (own !== undefined) return own
  const { work } = operatorOf(op)
  if (work === 'filter' || work === 'view') throw new Error(`${op} has no lowering for eager execution`)
  return onePass(op, work)
}

/** How many of a network's activated batch norms run in place. */
export interface InPlaceNorms {
  /** Activated batch norms of the network. */
  readonly norms: number
  readonly in_place: number
  /** The activations of the others: what cannot be inverted needs its input kept. */
  readonly not_invertible: readonly string[]
}

/** Counts the activated batch norms; `undefined` where they are not asked to run in place, or there are none. */
export function inPlaceNorms(view: GraphView, options: ExecutionOptions): InPlaceNorms | undefined {
  if (options.abn !== 'inplace') return undefined
  const norms = view.nodes.filter(({ node }) => node.op === 'abn')
  if (norms.length === 0) return undefined
  const others = norms.filter((norm) => !isInPlace(norm, options))
  const names = new Set(others.map(({ node: { attributes } }) => nameOf(attributes)))
  return { norms: norms.length, in_place: norms.length - others.length, not_invertible: [...names].sort() }
}

/** Whether an activation can be inverted may depend on the number that it takes, which is named too. */
function nameOf({ activation, slope }: Attributes): string {
  const name = activationNames.find((one) => one === activation)
  const takesNumber = name !== undefined && activationOf(name).parameter !== undefined
  return takesNumber ? `${name}(${String(slope)})` : String(activation)
}
