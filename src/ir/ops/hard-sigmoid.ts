import { plainActivation } from './activation.ts'

export const hardSigmoid = plainActivation(
  'hard_sigmoid',
  'relu6(x + 3) / 6 (Howard et al. 2019, arXiv:1905.02244).',
)
