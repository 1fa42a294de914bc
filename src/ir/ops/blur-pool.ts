import { backward, totalElements, forward, inBothModes, savesNothing } from './cost.ts'
import { geometryOf, unitPair, type Padding, type Pair } from './geometry.ts'
import { size } from './kinds.ts'
import { operator } from './operator.ts'
import { argument, spelling } from './spelling.ts'
import { mapType, reflectProblem, sizesOf } from './tensors.ts'

const kernel: Pair = [3, 3]
const padding: Padding = [1, 1, 1, 1]
/** Taps of the 3 x 3 filter. */
const TAPS = 9

const isUnit = ({ stride }: { readonly stride: Pair }): boolean => stride.every((step) => step === 1)

export const blurPool = operator({
  name: 'blur_pool',
  doc:
    'Anti-aliased subsampling: each channel is filtered by [1, 2, 1] x [1, 2, 1] / 16 with reflect padding of 1, ' +
    'then strided (Zhang 2019, arXiv:1904.11486, as in TResNet). With stride 1 it is the identity.',
  takes: 'map',
  work: 'filter',
  attributes: { stride: size },
  spellings: [
    spelling({
      name: 'blur_pool',
      doc: 'Blurs and subsamples; does nothing with stride 1.',
      arguments: { stride: argument(size, 'Step between windows.', 2) },
      attributes: ({ stride }) => ({ stride }),
    }),
  ],
  keepsChannelConstants: true,
  infer: (attributes, inputs) => {
    if (isUnit(attributes)) return inputs
    const { channels, size } = sizesOf(inputs)
    const { output } = geometryOf(size, { ...attributes, kernel, padding, dilation: unitPair })
    return reflectProblem('blur_pool', size, padding) ?? [mapType(channels, output)]
  },
  cost: (attributes, inputs, outputs) => {
    const fixedMacs = isUnit(attributes) ? 0 : TAPS * totalElements(outputs)
    return inBothModes(
      forward(inputs, outputs, { fixedMacs }),
      backward(totalElements(outputs), totalElements(inputs), { fixedMacs }),
      savesNothing,
    )
  },
  isIdentity: isUnit,
})
