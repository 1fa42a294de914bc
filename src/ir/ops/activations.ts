import type { PointwiseCost } from './cost.ts'

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

/**
 * Elementary operations per element: each +, -, *, /, comparison, exp, erf, tanh counts one; choosing between two values
 * counts none. Kept is what PyTorch keeps (tools/autograd/derivatives.yaml, measured by tools/reference/costs-pytorch.py).
 * `leaky_relu` keeps its output when it runs in place, as networks write it. The others that keep their input do so in
 * place too: PyTorch copies it before.
 */
export const activationCosts: Readonly<Record<ActivationName, PointwiseCost>> = {
  /** max(x, 0); g where y > 0. */
  relu: { forward: 1, backward: 1, saves: 'output' },
  /** Two comparisons; as many to find where the gradient passes. */
  relu6: { forward: 2, backward: 2, saves: 'input' },
  /** A comparison and a product; the same for the gradient. */
  leaky_relu: { forward: 2, backward: 2, saves: 'output' },
  /** 1 / (1 + exp(-x)): negate, exp, add, divide; g * y * (1 - y). */
  sigmoid: { forward: 4, backward: 3, saves: 'output' },
  /** 1 - y * y, times g. */
  tanh: { forward: 1, backward: 3, saves: 'output' },
  /** x * s with s = sigmoid(x); s again (4), then g * s * (1 + x * (1 - s)): five. */
  silu: { forward: 5, backward: 9, saves: 'input' },
  /** x * 0.5 * (1 + erf(x / sqrt 2)): five; Phi again (4), phi(x) = c * exp(-x * x / 2) (4), g * (Phi + x * phi) (3). */
  gelu: { forward: 5, backward: 11, saves: 'input' },
  /** x + 3, two comparisons, / 6; two comparisons and g / 6. */
  hard_sigmoid: { forward: 4, backward: 3, saves: 'input' },
  /** hard_sigmoid(x) * x; two comparisons, then g * (x / 3 + 1 / 2). */
  hard_swish: { forward: 5, backward: 5, saves: 'input' },
}
