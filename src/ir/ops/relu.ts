import { plainActivation } from './activation.ts'

export const relu = plainActivation('relu', 'max(x, 0).')
