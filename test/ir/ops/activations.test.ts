import { describe, expect, it } from 'vitest'
import {
  activationCosts,
  activationNames,
  activationOf,
  type ActivationName,
} from '../../../src/ir/ops/activations.ts'
import {
  elementaryFunctions,
  evaluateFormula,
  formulas,
  leavesOf,
  operationsOf,
} from '../../../src/ir/ops/formula.ts'

/** Inputs on both sides of every place where an activation bends, none of them at such a place. */
const inputs = Array.from({ length: 61 }, (_, i) => (i - 30) / 4 + 0.01)

/** The numbers that a parametrised activation is tried with: its default, and others for which all of its formulas hold. */
const parametersOf = (name: ActivationName): readonly number[] => {
  const { parameter } = activationOf(name)
  return parameter === undefined ? [0] : [parameter.default, parameter.example, 0.75]
}

const cases = activationNames.flatMap((name) => parametersOf(name).map((parameter) => ({ name, parameter })))

describe.each(cases)('$name with $parameter', ({ name, parameter }) => {
  const { value, gradient, inverse } = activationOf(name)
  const at = (x: number) => evaluateFormula(value, { x, parameter })

  it('has the gradient that finite differences have', () => {
    const step = 1e-5
    for (const x of inputs) {
      const slope = (at(x + step) - at(x - step)) / (2 * step)
      expect(evaluateFormula(gradient, { x, y: at(x), g: 3, parameter }), String(x)).toBeCloseTo(3 * slope, 5)
    }
  })

  it('is undone by its inverse, where it has one', () => {
    if (inverse?.exists(parameter) !== true) return
    for (const x of inputs) expect(evaluateFormula(inverse.value, { y: at(x), parameter })).toBeCloseTo(x, 6)
  })
})

describe('a row', () => {
  it.each(activationNames)('%s reads no more than it may', (name) => {
    const { value, gradient, inverse, parameter } = activationOf(name)
    const own = parameter === undefined ? [] : ['parameter']
    const isWithin = (leaves: Iterable<string>, allowed: readonly string[]) =>
      [...leaves].every((leaf) => [...allowed, ...own].includes(leaf))
    expect(isWithin(leavesOf(value), ['x'])).toBe(true)
    // One of the input and the output is kept for the gradient, never both.
    expect(isWithin(leavesOf(gradient), ['g', activationCosts[name].saves === 'output' ? 'y' : 'x'])).toBe(
      true,
    )
    if (inverse !== undefined) expect(isWithin(leavesOf(inverse.value), ['y'])).toBe(true)
  })
})

describe('formulas', () => {
  const { add, mul, sigmoid } = formulas
  const shared = sigmoid('x')

  it('count what stands in two places once, and each operation of a function', () => {
    expect(operationsOf(mul(shared, shared))).toBe(1 + elementaryFunctions.sigmoid.operations)
    expect(operationsOf(mul(sigmoid('x'), sigmoid('x')))).toBe(1 + 2 * elementaryFunctions.sigmoid.operations)
    expect(operationsOf('x')).toBe(0)
  })

  it('give NaN where a leaf is not given', () => {
    expect(evaluateFormula(add('x', 'y'), { x: 1 })).toBeNaN()
    expect(evaluateFormula(add('x', 2), { x: 1 })).toBe(3)
  })

  it('compute erf on both sides of the change of method', () => {
    // As `math.erf` of Python has them.
    for (const [x, value] of [
      [0.5, 0.5204998778130465],
      [1, 0.8427007929497149],
      [2.999, 0.9999777698314002],
      [3.001, 0.9999780483390822],
      [-4, -0.9999999845827421],
    ] as const)
      expect(elementaryFunctions.erf.at(x)).toBeCloseTo(value, 8)
  })
})

it('the rows are at hand for the scripts that ask PyTorch (vitest -u writes them anew)', async () => {
  const rows = activationNames.map((name) => {
    const { torch, parameter } = activationOf(name)
    const number = parameter === undefined ? {} : { parameter: parameter.name, default: parameter.default }
    return `${JSON.stringify(name)}: ${JSON.stringify({ module: torch, ...number })}`
  })
  const text = `{\n${rows.join(',\n')}\n}\n`
  expect(Object.keys(JSON.parse(text) as object)).toEqual(activationNames)
  await expect(text).toMatchFileSnapshot('../../reference/activations.json')
})
