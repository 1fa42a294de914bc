import { activationCosts, type ActivationName } from './activations.ts'
import { pointwise } from './cost.ts'
import type { OpDefinition } from './definition.ts'
import { operator } from './operator.ts'
import { spelling, argument } from './spelling.ts'
import { sameType } from './tensors.ts'
import { finite } from './kinds.ts'

/** An activation without attributes, which keeps the shape. */
const plainActivation = <const N extends ActivationName>(
  name: N,
  doc: string,
): OpDefinition & { readonly name: N } =>
  operator({
    name,
    doc,
    takes: 'any',
    work: 'pointwise',
    attributes: {},
    spellings: [spelling({ name, doc, arguments: {}, attributes: () => ({}) })],
    infer: sameType,
    cost: (_, inputs) => pointwise(activationCosts[name], inputs),
    isActivation: true,
  })

export const relu = plainActivation('relu', 'max(x, 0).')

export const relu6 = plainActivation('relu6', 'min(max(x, 0), 6) (Howard et al. 2017, arXiv:1704.04861).')

export const leakyRelu = operator({
  name: 'leaky_relu',
  doc: 'x where x > 0, else slope * x.',
  takes: 'any',
  work: 'pointwise',
  attributes: { slope: finite },
  spellings: [
    spelling({
      name: 'leaky_relu',
      doc: 'A rectifier that lets a little of the negative through.',
      arguments: { slope: argument(finite, 'Factor of negative inputs.', 0.01) },
      attributes: ({ slope }) => ({ slope }),
    }),
  ],
  infer: sameType,
  cost: (_, inputs) => pointwise(activationCosts.leaky_relu, inputs),
  isActivation: true,
})

export const sigmoid = plainActivation('sigmoid', '1 / (1 + exp(-x)).')

export const tanh = plainActivation('tanh', 'The hyperbolic tangent.')

export const silu = plainActivation(
  'silu',
  'x * sigmoid(x), also called swish (Ramachandran et al. 2017, arXiv:1710.05941).',
)

export const gelu = plainActivation(
  'gelu',
  'x * Phi(x) with the exact error function, not its tanh approximation (Hendrycks & Gimpel 2016, arXiv:1606.08415).',
)

export const hardSigmoid = plainActivation(
  'hard_sigmoid',
  'relu6(x + 3) / 6 (Howard et al. 2019, arXiv:1905.02244).',
)

export const hardSwish = plainActivation(
  'hard_swish',
  'x * relu6(x + 3) / 6 (Howard et al. 2019, arXiv:1905.02244).',
)
