import type { ActivationName } from '../../ir/ops/activation-names.ts'

/** erf by its Taylor series up to |x| = 3 and by its continued fraction beyond (Abramowitz & Stegun 7.1.5, 7.1.14). */
export function erf(x: number): number {
  if (Math.abs(x) > 3) return Math.sign(x) * (1 - erfcTail(Math.abs(x)))
  let term = x
  let sum = x
  for (let n = 1; n < 100; n++) {
    term *= -(x * x) / n
    sum += term / (2 * n + 1)
  }
  return (2 / Math.sqrt(Math.PI)) * sum
}

function erfcTail(x: number): number {
  let fraction = x
  for (let k = 60; k >= 1; k--) fraction = x + k / 2 / fraction
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * fraction)
}

const clamp6 = (x: number): number => Math.min(Math.max(x, 0), 6)
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))

/** Every activation as a function of one number. */
export const activations: { readonly [N in ActivationName]: (x: number, slope: number) => number } = {
  relu: (x) => Math.max(x, 0),
  relu6: clamp6,
  leaky_relu: (x, slope) => (x > 0 ? x : slope * x),
  silu: (x) => x * sigmoid(x),
  gelu: (x) => (x / 2) * (1 + erf(x / Math.SQRT2)),
  hard_swish: (x) => (x * clamp6(x + 3)) / 6,
  hard_sigmoid: (x) => clamp6(x + 3) / 6,
  sigmoid,
  tanh: Math.tanh,
}

/** The activation that an operator names in its attributes; `none` changes nothing. */
export const activationNamed =
  (name: ActivationName | 'none', slope: number) =>
  (x: number): number =>
    name === 'none' ? x : activations[name](x, slope)
