import { plainActivation } from './activation.ts'

export const relu6 = plainActivation('relu6', 'min(max(x, 0), 6) (Howard et al. 2017, arXiv:1704.04861).')
