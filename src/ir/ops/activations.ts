import type { PointwiseCost } from './cost.ts'
import { formulas, leavesOf, operationsOf, type Formula } from './formula.ts'

/**
 * All there is to know of one activation. Its operator, its cost, its oracle, what tfjs runs, the values that `abn` takes, its
 * section in the reference and its numeric tests are derived from this row; `test/reference/activations.json` hands it to the
 * scripts that ask PyTorch (`npx vitest run test/ir/ops/activations.test.ts -u` writes that file).
 */
export interface Activation {
  /** What it computes, with the source. */
  readonly doc: string
  /** One line for its use in `.arch`; default: `doc`. */
  readonly use?: string
  /** The number that it takes, if any. */
  readonly parameter?: ActivationParameter
  /** The result, of `x` and `parameter`. */
  readonly value: Formula
  /**
   * The gradient of the input, of `g`, `parameter`, and `x` or `y`: of the one that PyTorch keeps for it
   * (tools/autograd/derivatives.yaml; tools/reference/costs-pytorch.py measures it).
   */
  readonly gradient: Formula
  /** The input, of `y` and `parameter`, where the inplace_abn package can undo the activation. */
  readonly inverse?: Inverse
  /**
   * Whether networks in PyTorch write it with `inplace=True`. In training it then takes its input's memory where it keeps the
   * output. PyTorch copies an input that it keeps before it overwrites it, so that nothing is gained.
   */
  readonly runsInPlace: boolean
  /** Its class in `torch.nn`, which takes the parameter first. */
  readonly torch: string
  /** What the other counters that know activations count for each element, as modules; 0: they have no rule for it. */
  readonly counted: { readonly ptflops: number; readonly calflops: number }
}

interface ActivationParameter {
  readonly name: string
  readonly doc: string
  readonly default: number
  /** A value for the example in the reference. */
  readonly example: number
}

interface Inverse {
  readonly value: Formula
  /** The parameters for which the inverse exists. */
  readonly exists: (parameter: number) => boolean
}

const {
  add,
  div,
  elu,
  erf,
  exp,
  leaky_relu,
  log1p,
  mul,
  relu,
  relu6,
  sigmoid,
  softplus,
  sub,
  tanh,
  where_greater,
} = formulas

const s = sigmoid('x')
const mishGate = tanh(softplus('x'))
/** The share of a normal distribution below x, and its density at x. */
const normalShare = mul(add(erf(mul('x', Math.SQRT1_2)), 1), 0.5)
const normalDensity = mul(exp(mul(mul('x', 'x'), -0.5)), 1 / Math.sqrt(2 * Math.PI))
const hardSigmoid = div(relu6(add('x', 3)), 6)
/** `inner` where -3 < x < 3, else what the ends give. */
const within3 = (inner: Formula, above: Formula): Formula =>
  where_greater('x', -3, where_greater(3, 'x', inner, above), 0)

/** Every operator that `.arch` takes as a value of type `activation`. */
export const activations = {
  relu: {
    doc: 'max(x, 0).',
    value: relu('x'),
    gradient: where_greater('y', 0, 'g', 0),
    runsInPlace: true,
    torch: 'ReLU',
    counted: { ptflops: 2, calflops: 1 },
  },
  relu6: {
    doc: 'min(max(x, 0), 6) (Howard et al. 2017, arXiv:1704.04861).',
    value: relu6('x'),
    gradient: where_greater('x', 0, where_greater(6, 'x', 'g', 0), 0),
    runsInPlace: true,
    torch: 'ReLU6',
    counted: { ptflops: 1, calflops: 0 },
  },
  leaky_relu: {
    doc: 'x where x > 0, else slope * x.',
    use: 'A rectifier that lets a little of the negative through.',
    parameter: { name: 'slope', doc: 'Factor of negative inputs.', default: 0.01, example: 0.1 },
    value: leaky_relu('x', 'parameter'),
    // The output has the sign of the input where the slope is not negative; PyTorch refuses others in place.
    gradient: where_greater('y', 0, 'g', mul('parameter', 'g')),
    inverse: { value: where_greater('y', 0, 'y', div('y', 'parameter')), exists: (slope) => slope > 0 },
    runsInPlace: true,
    torch: 'LeakyReLU',
    counted: { ptflops: 1, calflops: 1 },
  },
  elu: {
    doc: 'x where x > 0, else alpha * (exp(x) - 1) (Clevert et al. 2015, arXiv:1511.07289).',
    use: 'Rises as a line, and falls towards -alpha.',
    parameter: { name: 'alpha', doc: 'What negative outputs end at, negated.', default: 1, example: 0.5 },
    value: leaky_relu(elu('x'), 'parameter'),
    // As for leaky_relu, the output tells the sign of the input; PyTorch refuses a negative alpha in place.
    gradient: where_greater('y', 0, 'g', mul('g', add('y', 'parameter'))),
    inverse: {
      value: where_greater('y', 0, 'y', log1p(div('y', 'parameter'))),
      exists: (alpha) => alpha > 0,
    },
    runsInPlace: true,
    torch: 'ELU',
    counted: { ptflops: 2, calflops: 1 },
  },
  silu: {
    doc: 'x * sigmoid(x), also called swish (Ramachandran et al. 2017, arXiv:1710.05941).',
    value: mul('x', s),
    gradient: mul(mul('g', s), add(1, mul('x', sub(1, s)))),
    runsInPlace: true,
    torch: 'SiLU',
    counted: { ptflops: 1, calflops: 1 },
  },
  mish: {
    doc: 'x * tanh(log(1 + exp(x))) (Misra 2019, arXiv:1908.08681).',
    value: mul('x', mishGate),
    gradient: mul('g', add(mishGate, mul(mul('x', s), sub(1, mul(mishGate, mishGate))))),
    runsInPlace: true,
    torch: 'Mish',
    counted: { ptflops: 0, calflops: 0 },
  },
  gelu: {
    doc: 'x * Phi(x) with the exact error function, not its tanh approximation (Hendrycks & Gimpel 2016, arXiv:1606.08415).',
    value: mul('x', normalShare),
    gradient: mul('g', add(normalShare, mul('x', normalDensity))),
    runsInPlace: false,
    torch: 'GELU',
    counted: { ptflops: 2, calflops: 1 },
  },
  hard_swish: {
    doc: 'x * relu6(x + 3) / 6 (Howard et al. 2019, arXiv:1905.02244).',
    value: mul('x', hardSigmoid),
    gradient: within3(mul('g', add(div('x', 3), 0.5)), 'g'),
    runsInPlace: true,
    torch: 'Hardswish',
    counted: { ptflops: 0, calflops: 0 },
  },
  hard_sigmoid: {
    doc: 'relu6(x + 3) / 6 (Howard et al. 2019, arXiv:1905.02244).',
    value: hardSigmoid,
    gradient: within3(div('g', 6), 0),
    runsInPlace: false,
    torch: 'Hardsigmoid',
    counted: { ptflops: 0, calflops: 0 },
  },
  sigmoid: {
    doc: '1 / (1 + exp(-x)).',
    value: s,
    gradient: mul(mul('g', 'y'), sub(1, 'y')),
    runsInPlace: false,
    torch: 'Sigmoid',
    counted: { ptflops: 0, calflops: 0 },
  },
  tanh: {
    doc: 'The hyperbolic tangent.',
    value: tanh('x'),
    gradient: mul('g', sub(1, mul('y', 'y'))),
    runsInPlace: false,
    torch: 'Tanh',
    counted: { ptflops: 0, calflops: 0 },
  },
} as const satisfies Readonly<Record<string, Activation>>

export type ActivationName = keyof typeof activations

export const activationNames = Object.keys(activations) as readonly ActivationName[]

/** The row of a name, as a type that says what all rows have. */
export const activationOf = (name: ActivationName): Activation => activations[name]

const mapped = <T>(of: (row: Activation) => T): Readonly<Record<ActivationName, T>> =>
  Object.fromEntries(activationNames.map((name) => [name, of(activations[name])])) as Record<
    ActivationName,
    T
  >

/** What each costs for an element, counted in its formulas. */
export const activationCosts = mapped(({ value, gradient }): PointwiseCost => ({
  forward: operationsOf(value),
  backward: operationsOf(gradient),
  saves: leavesOf(gradient).has('y') ? 'output' : 'input',
}))

/** An activation within another operator, with the number that it takes; 0 where it takes none. */
export interface InnerActivation {
  readonly name: ActivationName | 'none'
  /** The IR's name for that number, whatever the activation calls it. */
  readonly slope: number
}

/** Operations that undo an activation, or nothing where the inplace_abn package cannot undo it. */
export function operationsToInvert({ name, slope }: InnerActivation): number | undefined {
  if (name === 'none') return 0
  const { inverse } = activationOf(name)
  return inverse?.exists(slope) === true ? operationsOf(inverse.value) : undefined
}
