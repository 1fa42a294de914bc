import { plainActivation } from './activation.ts'

export const tanh = plainActivation('tanh', 'The hyperbolic tangent.')
