import { movement } from './cost.ts'
import { problem } from './definition.ts'
import { small } from './kinds.ts'
import { operator } from './operator.ts'
import { argument, spelling } from './spelling.ts'
import { axes, mapType, sizesOf } from './tensors.ts'

export const spaceToDepth = operator({
  name: 'space_to_depth',
  doc:
    'Moves each block of block x block pixels into channels: [C, H, W] becomes [C * block^2, H / block, W / ' +
    'block]. Channel c of pixel (dy, dx) becomes (dy * block + dx) * C + c, as in TResNet.',
  takes: 'map',
  work: 'copy',
  attributes: { block: small },
  spellings: [
    spelling({
      name: 'space_to_depth',
      doc: 'Makes channels of blocks of pixels.',
      arguments: { block: argument(small, 'Side of a block.') },
      attributes: ({ block }) => ({ block }),
    }),
  ],
  infer: ({ block }, inputs) => {
    const { channels, size } = sizesOf(inputs)
    for (const { axis, name } of axes)
      if (size[axis] % block !== 0)
        return problem('E0307', { op: 'space_to_depth', block, axis: name, size: size[axis] })
    return [mapType(channels * block * block, [size[0] / block, size[1] / block])]
  },
  cost: (_, inputs, outputs) => movement(inputs, outputs),
  isIdentity: ({ block }) => block === 1,
})
