import { backward, totalElements, forward, inBothModes, savesNothing } from './cost.ts'
import { choice, size } from './kinds.ts'
import { operator } from './operator.ts'
import { argument, spelling } from './spelling.ts'
import { mapType, sizesOf } from './tensors.ts'

const mode = choice(['nearest', 'bilinear'])

export const upsample = operator({
  name: 'upsample',
  doc:
    'Enlarges a map by whole factors. Bilinear samples at pixel centres: (out + 0.5) / factor - 0.5, clamped ' +
    'to the map (PyTorch with align_corners=False).',
  takes: 'map',
  work: 'pointwise',
  attributes: { factor: size, mode },
  spellings: [
    spelling({
      name: 'upsample',
      doc: 'Enlarges a map.',
      arguments: {
        factor: argument(size, 'How many times larger.'),
        mode: argument(mode, 'How to interpolate: "nearest" or "bilinear".', 'nearest'),
      },
      attributes: ({ factor, mode }) => ({ factor, mode }),
    }),
  ],
  infer: ({ factor }, inputs) => {
    const { channels, size } = sizesOf(inputs)
    return [mapType(channels, [size[0] * factor[0], size[1] * factor[1]])]
  },
  // Nearest moves, and its gradient sums the copies; bilinear joins four neighbours by 4 products and 3 sums, and
  // spreads gradients by 4 products and 4 sums.
  cost: ({ mode }, inputs, outputs) => {
    const work = { arithmetic: mode === 'bilinear' ? 7 * totalElements(outputs) : 0 }
    const back = backward(totalElements(outputs), totalElements(inputs), {
      arithmetic:
        mode === 'bilinear' ? 8 * totalElements(outputs) : totalElements(outputs) - totalElements(inputs),
    })
    return inBothModes(forward(inputs, outputs, work), back, savesNothing)
  },
  isIdentity: ({ factor }) => factor.every((times) => times === 1),
})
