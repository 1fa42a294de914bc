import { backward, movement } from './cost.ts'
import type { TensorType } from '../tensor-type.ts'
import { problem, type Problem } from './definition.ts'
import { MAX_PARTS } from './kinds.ts'
import { operator } from './operator.ts'
import { spelling } from './spelling.ts'
import { sizesOf, withChannels } from './tensors.ts'

export const concat = operator({
  name: 'concat',
  doc: 'Joins the channels of its inputs, in their order; height and width must be equal.',
  takes: 'any',
  work: 'copy',
  inputs: { min: 1, max: MAX_PARTS },
  attributes: {},
  spellings: [
    spelling({
      name: 'concat',
      doc: 'Joins channels: `concat(a, b)`.',
      arguments: {},
      attributes: () => ({}),
    }),
  ],
  keepsChannelConstants: true,
  infer: (_, inputs) => {
    const channels = inputs.reduce((sum, input) => sum + sizesOf([input]).channels, 0)
    return mismatchProblem(inputs) ?? [withChannels(channels, inputs[0])]
  },
  // Backward, each input's gradient is a part of the result's, and looked at where it lies.
  cost: (_, inputs, outputs) => ({ ...movement(inputs, outputs), backward: backward(0, 0) }),
})

/** E0313 at the first input that does not agree with the one before all. */
function mismatchProblem([first, ...others]: readonly TensorType[]): Problem | undefined {
  const a = first?.shape ?? []
  for (const [index, { shape: b }] of others.entries()) {
    const axis = differing(a, b)
    if (axis !== undefined) return problem('E0313', { axis, a, b }, { input: index + 1 })
  }
  return undefined
}

function differing(a: readonly number[], b: readonly number[]): 'rank' | 'height' | 'width' | undefined {
  if (a.length !== b.length) return 'rank'
  if (a[1] !== b[1]) return 'height'
  return a[2] === b[2] ? undefined : 'width'
}
