import { plainActivation } from './activation.ts'

export const hardSwish = plainActivation(
  'hard_swish',
  'x * relu6(x + 3) / 6 (Howard et al. 2019, arXiv:1905.02244).',
)
