import type { Padding } from '../../../ir/ops/geometry.ts'
import type { AttributesOf } from '../../../ir/ops/index.ts'
import { precise } from '../../execution/precision.ts'
import { nothing, perImage, plus, type Amount } from '../amount.ts'
import {
  cast,
  copiesGradients,
  emit,
  freshOutputs,
  operand,
  weightCopies,
  weightGradients,
  type Site,
} from '../site.ts'
import { tensorBytes, type Tensor } from '../tape.ts'

/** A convolution keeps what it read: its input in the filters' type, with its margin where PyTorch makes that first. */
export function conv(site: Site<AttributesOf<'conv'>>): readonly Tensor[] {
  const { groups, padding } = site.attributes
  const [channels = 1] = site.inputs[0]?.shape ?? []
  const input = cast(site, operand(site), filterType(site))
  const read = isEven(padding) ? input : padded(site, input, padding, [])
  const outputs = freshOutputs(site, filterType(site))
  const isDepthwise = groups > 1 && groups === channels
  return filtered(site, read, outputs, isDepthwise ? nothing : transposes(site, [read, ...outputs]))
}

export function linear(site: Site): readonly Tensor[] {
  const input = cast(site, operand(site), filterType(site))
  return filtered(site, input, freshOutputs(site, filterType(site)), nothing)
}

/**
 * Both forms of FasterNet's code make a whole new map of the input's type, and the convolved part in passing. What is kept
 * is a view of the input, and with it all of the input's memory; or the part, where that was cast.
 */
export function partialConv(site: Site<AttributesOf<'partial_conv'>>): readonly Tensor[] {
  const whole = operand(site)
  const [channels = 1] = site.inputs[0]?.shape ?? []
  const size = (whole.elements * site.attributes.channels) / channels
  const read = cast(site, whole, filterType(site), size)
  const part = { ...read, elements: size }
  const workspace = plus(perImage(tensorBytes(part)), transposes(site, [part, part]))
  const inputs = read === whole ? [whole] : [read, whole]
  return filtered(site, read, freshOutputs(site), workspace, inputs)
}

/** A reflected margin, which PyTorch makes as a tensor of the input's type, and a convolution that learns nothing. */
export function blurPool(site: Site): readonly Tensor[] {
  const input = operand(site)
  const map = cast(site, padded(site, input, [1, 1, 1, 1], [input.storage]), filterType(site))
  const outputs = freshOutputs(site, map.type)
  emit(site, { inputs: [map], outputs, keeps: [map.storage] })
  return outputs
}

const filterType = ({ options }: Site) => precise[options.precision].filters

function filtered(
  site: Site,
  input: Tensor,
  outputs: readonly Tensor[],
  workspace: Amount,
  inputs: readonly Tensor[] = [input],
): readonly Tensor[] {
  const copies = weightCopies(site)
  const gradients = plus(weightGradients(site), copiesGradients(site))
  emit(site, {
    inputs,
    outputs,
    makes: copies,
    keeps: [input.storage, ...copies],
    scratch: { forward: workspace, backward: plus(workspace, gradients) },
  })
  return outputs
}

/**
 * Matrix units want the channels of a pixel side by side. Of maps that lie otherwise cuDNN makes copies in a workspace: of
 * what each of the three convolutions (forward, the input's gradient, the weights') reads and writes.
 */
function transposes({ options }: Site, maps: readonly Tensor[]): Amount {
  const isTransposed = options.layout === 'nchw' && precise[options.precision].unit === 'matrix'
  return isTransposed ? perImage(maps.reduce((sum, map) => sum + tensorBytes(map), 0)) : nothing
}

/** PyTorch's convolutions take the same margin on opposite sides only. */
const isEven = ([top, right, bottom, left]: Padding): boolean => top === bottom && left === right

function padded(
  site: Site,
  input: Tensor,
  [top, right, bottom, left]: Padding,
  keeps: readonly number[],
): Tensor {
  const [channels = 1, height = 1, width = 1] = site.inputs[0]?.shape ?? []
  const size = channels * (height + top + bottom) * (width + left + right)
  const result = site.tape.fresh(size, input.type, input.needsGradient)
  emit(site, { inputs: [input], outputs: [result], keeps })
  return result
}
