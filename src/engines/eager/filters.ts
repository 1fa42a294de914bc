import { totalElements } from '../../ir/ops/cost.ts'
import { type Padding, unitPair } from '../../ir/ops/geometry.ts'
import type { AttributesOf } from '../../ir/ops/index.ts'
import { sum } from '../../ir/sum.ts'
import { allParameters, parameterElements } from '../../ir/view.ts'
import { bytesPerElement, type Filter, filterKind } from '../kernel.ts'
import { type Amount, noBytes, perImage, perStep, plus, type StorageId } from '../schedule.ts'
import { type NodeLowering, type Tensor, tensorBytes } from './node-lowering.ts'

/** Channels of a 2-byte type that a tensor core takes at once: 16 bytes. */
const ALIGNMENT = 8
/** Up to so many input channels (pictures), cuDNN has kernels of its own that need no padding. */
const FEW = 4

/**
 * A convolution: casts, a copy of what is not dense, padding of what is not aligned, the filter, its bias. It keeps what it
 * read: its input in the filters' type, with its margin where PyTorch makes that first.
 */
export function lowerConv(node: NodeLowering<AttributesOf<'conv'>>): readonly Tensor[] {
  const { channels, groups, kernel, stride, padding, bias } = node.attributes
  const { filters } = node.types
  const operand = node.operand()
  const filter = filterOf(node, channels, groups, kernel, stride)
  const copies = castWeights(node)
  const input = node.cast(operand, filters)
  const read = isEven(padding) ? input : padded(node, input, padding, [])
  const outputs = node.freshOutputs(filters)
  const size = totalElements(node.typed.outputs)
  if (operand.isStrided) node.launchCopy('contiguous', operand.elements, filters)
  if (groups === 1) padChannels(node, filter, operand.elements, size)
  launchFilter(node, 'conv', filter, operand.elements, size)
  if (bias) addBias(node, size)
  const isDepthwise = groups > 1 && groups === filter.inChannels
  const workspace = isDepthwise ? noBytes : transposes(node, [read, ...outputs])
  return filtered(node, [read], outputs, workspace, copies)
}

/** A matrix product, which adds the bias itself. */
export function lowerLinear(node: NodeLowering<AttributesOf<'linear'>>): readonly Tensor[] {
  const { filters } = node.types
  const copies = castWeights(node)
  const input = node.cast(node.operand(), filters)
  const filter = filterOf(node, node.attributes.features, 1, unitPair, unitPair)
  const outputs = node.freshOutputs(filters)
  const written = totalElements(node.typed.outputs)
  launchFilter(node, 'linear', filter, input.elements, written, node.forward.arithmetic)
  return filtered(node, [input], outputs, noBytes, copies)
}

/**
 * Both forms of FasterNet's code make a whole new map of the input's type, and the convolved part in passing. `slicing`
 * clones the input, because the sum after the block needs it as it was, and convolves a slice, which is made dense first
 * and written back. `split_cat` convolves one part and joins both. What is kept is a view of the input, and with it all of
 * the input's memory; or the part, where that was cast.
 */
export function lowerPartialConv(node: NodeLowering<AttributesOf<'partial_conv'>>): readonly Tensor[] {
  const { channels, kernel, bias } = node.attributes
  const { filters } = node.types
  const whole = node.operand()
  const filter = { ...filterOf(node, channels, 1, kernel, unitPair), inChannels: channels }
  const size = (whole.elements * channels) / (node.typed.inputs[0]?.shape[0] ?? 1)
  const isSlicing = node.options.partialConv === 'slicing' && !node.isTraining
  const copies = castWeights(node)
  if (isSlicing) node.launchCopy('clone', whole.elements, whole.type)
  // A cast makes its result dense by the way.
  if (size < whole.elements && whole.type === filters) node.launchCopy('contiguous', size, whole.type)
  const read = node.cast(whole, filters, size)
  padChannels(node, filter, size, size)
  launchFilter(node, 'conv', filter, size, size)
  if (bias) addBias(node, size)
  if (isSlicing) node.launchCopy('copy', size, whole.type)
  else launchJoin(node, size, whole)
  const part = { ...read, elements: size }
  const workspace = plus(perImage(tensorBytes(part)), transposes(node, [part, part]))
  const inputs = read === whole ? [whole] : [read, whole]
  return filtered(node, inputs, node.freshOutputs(), workspace, copies)
}

/** What was convolved and what was not become one tensor again, of the input's type. */
function launchJoin(node: NodeLowering, size: number, whole: Tensor): void {
  const read = size * bytesPerElement[node.types.filters]
  const rest = (whole.elements - size) * bytesPerElement[whole.type]
  node.launch('concat', 'copy', { read: read + rest, written: tensorBytes(whole) })
}

/**
 * A fixed filter: PyTorch makes a reflected margin as a tensor of the input's type, and convolves the padded map channel by
 * channel.
 */
export function lowerBlurPool(node: NodeLowering<AttributesOf<'blur_pool'>>): readonly Tensor[] {
  const input = node.operand()
  const [channels = 1, height = 1, width = 1] = node.typed.inputs[0]?.shape ?? []
  const size = channels * (height + 2) * (width + 2)
  node.launchCopy('pad', input.elements, input.type, size)
  const map = node.cast(padded(node, input, [1, 1, 1, 1], [input.storage]), node.types.filters)
  const outputs = node.freshOutputs(map.type)
  const { stride } = node.attributes
  node.launch('blur', 'depthwise', {
    read: size * bytesPerElement[map.type],
    written: sum(node.forward.writes) * bytesPerElement[map.type],
    macs: node.forward.fixedMacs,
    filter: { inChannels: channels, outChannels: channels, groups: channels, kernel: [3, 3], stride },
  })
  const backward = { kernels: node.backwardKernels(map.type), scratch: noBytes }
  node.call({ inputs: [map], outputs, keeps: [map.storage], backward })
  return outputs
}

const filterOf = (
  { typed }: NodeLowering,
  outChannels: number,
  groups: number,
  kernel: readonly [number, number],
  stride: readonly [number, number],
): Filter => ({ inChannels: typed.inputs[0]?.shape[0] ?? 1, outChannels, groups, kernel, stride })

/**
 * Autocast makes a copy of every weight of a filter, once a step (PyTorch's cache of casts). The copy's memory counts from the
 * filter's own call on, which `filtered` makes (docs/decisions/0008-memory-model.md).
 */
function castWeights(node: NodeLowering): readonly StorageId[] {
  const { kept, filters } = node.types
  if (kept === filters) return []
  const weights =
    allParameters(node.graph, node.typed.node) * (bytesPerElement[kept] + bytesPerElement[filters])
  node.launch('cast', 'cast', { weights }, 'fp32')
  const copies = node.allocate(perStep(node.learned * bytesPerElement[filters]), 'weight copies')
  if (!node.isTraining) node.held.push(copies)
  node.call({ inputs: [], outputs: [] })
  return [copies]
}

/**
 * Tensor cores want 16 bytes of channels at a time. Where these are not a multiple of 8, cuDNN copies the map into a
 * padded one before, and the result out of one after (NVIDIA, "Convolutional Layers User's Guide", section 2.1).
 */
function padChannels(
  node: NodeLowering,
  { inChannels, outChannels }: Filter,
  read: number,
  written: number,
): void {
  const { unit, filters } = node.types
  if (unit !== 'matrix' || bytesPerElement[filters] !== 2 || inChannels <= FEW) return
  if (inChannels % ALIGNMENT !== 0) node.launchCopy('pad channels', read, filters)
  if (outChannels % ALIGNMENT !== 0) node.launchCopy('unpad channels', written, filters)
}

/** @param read elements, as `written` */
function launchFilter(
  node: NodeLowering,
  name: 'conv' | 'linear',
  filter: Filter,
  read: number,
  written: number,
  arithmetic = 0,
): void {
  const each = bytesPerElement[node.types.filters]
  const kind = filterKind(filter)
  const { graph, typed } = node
  const bias = name === 'linear' ? parameterElements(graph, typed.node, 'bias') : 0
  node.launch(name, kind, {
    read: read * each,
    written: written * each,
    weights: (parameterElements(graph, typed.node, 'weight') + bias) * each,
    macs: node.forward.macs,
    arithmetic,
    filter,
    unit: kind === 'depthwise' ? 'vector' : node.types.unit,
  })
}

/** cuDNN's convolution gives no bias: the addition is a pass over the result. */
function addBias(node: NodeLowering, size: number): void {
  const each = bytesPerElement[node.types.filters]
  node.launch('bias', 'pointwise', {
    read: size * each,
    written: size * each,
    weights: parameterElements(node.graph, node.typed.node, 'bias') * each,
    arithmetic: node.forward.arithmetic,
  })
}

/** The call that filters its first input, which it keeps together with the copies of the weights. */
function filtered(
  node: NodeLowering,
  inputs: readonly Tensor[],
  outputs: readonly Tensor[],
  workspace: Amount,
  copies: readonly StorageId[],
): readonly Tensor[] {
  const { kept, filters } = node.types
  // Gradients are made in the copies' type and cast before they are added.
  const ofCopies = perStep(kept === filters ? 0 : node.learned * bytesPerElement[filters])
  const gradients = plus(node.weightGradients, ofCopies)
  node.call({
    inputs,
    outputs,
    makes: copies,
    keeps: [...inputs.slice(0, 1).map(({ storage }) => storage), ...copies],
    scratch: workspace,
    backward: { kernels: node.backwardKernels(filters), scratch: plus(workspace, gradients) },
  })
  return outputs
}

/**
 * Matrix units want the channels of a pixel side by side. Of maps that lie otherwise cuDNN makes copies in a workspace: of
 * what each of the three convolutions (forward, the input's gradient, the weights') reads and writes.
 */
function transposes({ options, types }: NodeLowering, maps: readonly Tensor[]): Amount {
  if (options.layout !== 'nchw' || types.unit !== 'matrix') return noBytes
  return perImage(maps.reduce((sum, map) => sum + tensorBytes(map), 0))
}

/** PyTorch's convolutions take the same margin on opposite sides only. */
const isEven = ([top, right, bottom, left]: Padding): boolean => top === bottom && left === right

/** The map with a margin, which PyTorch makes as a tensor of its own. */
function padded(
  node: NodeLowering,
  input: Tensor,
  [top, right, bottom, left]: Padding,
  keeps: readonly StorageId[],
): Tensor {
  const [channels = 1, height = 1, width = 1] = node.typed.inputs[0]?.shape ?? []
  const size = channels * (height + top + bottom) * (width + left + right)
  const result = node.fresh(size, input.type, input.needsGradient)
  node.call({ inputs: [input], outputs: [result], keeps })
  return result
}
