import { plainActivation } from './activation.ts'

export const silu = plainActivation(
  'silu',
  'x * sigmoid(x), also called swish (Ramachandran et al. 2017, arXiv:1710.05941).',
)
