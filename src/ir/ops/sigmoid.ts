import { plainActivation } from './activation.ts'

export const sigmoid = plainActivation('sigmoid', '1 / (1 + exp(-x)).')
