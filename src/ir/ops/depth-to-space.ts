import { movement } from './cost.ts'
import { problem } from './definition.ts'
import { small } from './kinds.ts'
import { operator } from './operator.ts'
import { argument, spelling } from './spelling.ts'
import { mapType, sizesOf } from './tensors.ts'

export const depthToSpace = operator({
  name: 'depth_to_space',
  doc:
    'The inverse of space_to_depth: [C * block^2, H, W] becomes [C, H * block, W * block]; channel (dy * block ' +
    '+ dx) * C + c becomes channel c of pixel (dy, dx).',
  takes: 'map',
  work: 'copy',
  attributes: { block: small },
  spellings: [
    spelling({
      name: 'depth_to_space',
      doc: 'Makes blocks of pixels of channels.',
      arguments: { block: argument(small, 'Side of a block.') },
      attributes: ({ block }) => ({ block }),
    }),
  ],
  infer: ({ block }, inputs) => {
    const { channels, size } = sizesOf(inputs)
    if (channels % (block * block) !== 0) return problem('E0308', { op: 'depth_to_space', block, channels })
    return [mapType(channels / (block * block), [size[0] * block, size[1] * block])]
  },
  cost: (_, inputs, outputs) => movement(inputs, outputs),
  isIdentity: ({ block }) => block === 1,
})
