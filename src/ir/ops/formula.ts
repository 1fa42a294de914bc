/**
 * Functions of one number, written as trees, so that each backend can spell them in its own functions, tests can compute them
 * in float64, and costs can be counted.
 */

/** `x`: the input; `y`: the result; `g`: the gradient of the result; `parameter`: the one number that a function takes. */
export type Leaf = 'x' | 'y' | 'g' | 'parameter'

/** A number, a name for one, or a function of formulas. A formula that stands in two places as one object is computed once. */
export type Formula = number | Leaf | Application

interface Application {
  readonly of: FunctionName
  readonly to: readonly Formula[]
}

/** A function that numeric libraries have by this name: what it is in float64, and its elementary operations (see `Cost`). */
interface ElementaryFunction {
  readonly operations: number
  readonly at: (...numbers: never[]) => number
}

/** Every function that formulas are made of. */
export const elementaryFunctions = {
  add: { operations: 1, at: (a: number, b: number) => a + b },
  sub: { operations: 1, at: (a: number, b: number) => a - b },
  mul: { operations: 1, at: (a: number, b: number) => a * b },
  div: { operations: 1, at: (a: number, b: number) => a / b },
  exp: { operations: 1, at: Math.exp },
  expm1: { operations: 1, at: Math.expm1 },
  log1p: { operations: 1, at: Math.log1p },
  erf: { operations: 1, at: erf },
  tanh: { operations: 1, at: Math.tanh },
  /** Negate, exp, add, divide. */
  sigmoid: { operations: 4, at: (x: number) => 1 / (1 + Math.exp(-x)) },
  /** log(1 + exp(x)): exp, add, log. Written here so that it does not overflow. */
  softplus: { operations: 3, at: (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))) },
  relu: { operations: 1, at: (x: number) => Math.max(x, 0) },
  relu6: { operations: 2, at: (x: number) => Math.min(Math.max(x, 0), 6) },
  /** exp(x) - 1 where x is not positive: a comparison and `expm1`. */
  elu: { operations: 2, at: (x: number) => (x > 0 ? x : Math.expm1(x)) },
  /** The first number times the second where it is not positive: a comparison and a product. */
  leaky_relu: { operations: 2, at: (x: number, slope: number) => (x > 0 ? x : slope * x) },
  /** The third number where the first is greater than the second, else the fourth: a comparison; to choose counts none. */
  where_greater: {
    operations: 1,
    at: (a: number, b: number, yes: number, no: number) => (a > b ? yes : no),
  },
} as const satisfies Readonly<Record<string, ElementaryFunction>>

export type FunctionName = keyof typeof elementaryFunctions

/** As many formulas as a function takes numbers. */
type FormulasFor<P extends readonly number[]> = { readonly [K in keyof P]: Formula }

/** Applies each function to formulas, e.g. `formulas.mul('x', formulas.sigmoid('x'))`. */
export const formulas = Object.fromEntries(
  Object.keys(elementaryFunctions).map((of) => [of, (...to: readonly Formula[]) => ({ of, to })]),
) as unknown as {
  readonly [N in FunctionName]: (
    ...to: FormulasFor<Parameters<(typeof elementaryFunctions)[N]['at']>>
  ) => Formula
}

/**
 * Computes a formula in any kind of numbers.
 * @param leaf what stands for a leaf or a number
 * @param apply what a function gives for the values of its formulas
 */
export function interpret<T>(
  formula: Formula,
  leaf: (leaf: Leaf | number) => T,
  apply: (of: FunctionName, to: readonly T[]) => T,
): T {
  const known = new Map<Application, T>()
  const valueOf = (one: Formula): T => {
    if (typeof one !== 'object') return leaf(one)
    if (!known.has(one)) known.set(one, apply(one.of, one.to.map(valueOf)))
    return known.get(one) as T
  }
  return valueOf(formula)
}

/** The value of a formula in float64; NaN where a leaf is not given. */
export const evaluateFormula = (formula: Formula, leaves: Readonly<Partial<Record<Leaf, number>>>): number =>
  interpret(
    formula,
    (leaf) => (typeof leaf === 'number' ? leaf : (leaves[leaf] ?? NaN)),
    (of, to) => valueAt(elementaryFunctions[of].at, to),
  )

/** `formulas` gave the function as many numbers as it takes, which the type of a union cannot say. */
const valueAt = (at: ElementaryFunction['at'], numbers: readonly number[]): number =>
  at(...(numbers as never[]))

/** Elementary operations of a formula; a part that stands in two places counts once. */
export function operationsOf(formula: Formula): number {
  let operations = 0
  interpret(
    formula,
    () => undefined,
    (of) => void (operations += elementaryFunctions[of].operations),
  )
  return operations
}

/** The leaves that a formula reads. */
export function leavesOf(formula: Formula): ReadonlySet<Leaf> {
  const leaves = new Set<Leaf>()
  interpret(
    formula,
    (leaf) => {
      if (typeof leaf === 'string') leaves.add(leaf)
    },
    () => undefined,
  )
  return leaves
}

/** erf by its Taylor series up to |x| = 3 and by its continued fraction beyond (Abramowitz & Stegun 7.1.5, 7.1.14). */
function erf(x: number): number {
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
