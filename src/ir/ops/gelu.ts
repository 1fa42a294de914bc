import { plainActivation } from './activation.ts'

export const gelu = plainActivation(
  'gelu',
  'x * Phi(x) with the exact error function, not its tanh approximation (Hendrycks & Gimpel 2016, arXiv:1606.08415).',
)
