/** Operators that `.arch` takes as values of type `activation`. */
export const activationNames = [
  'relu',
  'relu6',
  'leaky_relu',
  'silu',
  'gelu',
  'hard_swish',
  'hard_sigmoid',
  'sigmoid',
  'tanh',
] as const

export type ActivationName = (typeof activationNames)[number]
