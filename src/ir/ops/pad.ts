import { backward, forward, inBothModes, savesInputs, savesNothing, totalElements } from './cost.ts'
import { totalPadding } from './geometry.ts'
import { choice, explicitPadding, sides } from './kinds.ts'
import { operator } from './operator.ts'
import { argument, spelling } from './spelling.ts'
import { mapType, reflectProblem, sizesOf } from './tensors.ts'

const mode = choice(['zero', 'reflect'])

export const pad = operator({
  name: 'pad',
  doc: 'Adds pixels around a map: zeros, or the map reflected without its edge.',
  takes: 'map',
  work: 'copy',
  attributes: { padding: sides, mode },
  spellings: [
    spelling({
      name: 'pad',
      doc: 'Adds pixels around a map.',
      arguments: {
        padding: argument(
          explicitPadding,
          'Pixels on every side, [height, width], or [top, right, bottom, left].',
        ),
        mode: argument(mode, 'What is added: "zero" or "reflect".', 'zero'),
      },
      attributes: ({ padding, mode }) => ({ padding, mode }),
    }),
  ],
  infer: ({ padding, mode }, inputs) => {
    const { channels, size } = sizesOf(inputs)
    const [height, width] = totalPadding(padding)
    const fault = mode === 'reflect' ? reflectProblem('pad', size, padding) : undefined
    return fault ?? [mapType(channels, [size[0] + height, size[1] + width])]
  },
  // Backward, zeros take no gradient, and a reflected pixel's is added to where it came from. PyTorch keeps the input of
  // `reflection_pad2d`, of which it needs the shape only.
  cost: ({ mode }, inputs, outputs) => {
    const into = totalElements(inputs)
    const out = totalElements(outputs)
    const [back, saves] =
      mode === 'zero'
        ? [backward(into, into), savesNothing]
        : [backward(out, into, { arithmetic: out - into }), savesInputs(0)]
    return inBothModes(forward(inputs, outputs), back, saves)
  },
  isIdentity: ({ padding }) => padding.every((side) => side === 0),
})
