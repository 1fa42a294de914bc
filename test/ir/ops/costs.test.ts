import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { activationNames } from '../../../src/ir/ops/activations.ts'
import type { Cost } from '../../../src/ir/ops/definition.ts'
import { operatorOf, opNames } from '../../../src/ir/ops/index.ts'
import { elements } from '../../../src/ir/tensor-type.ts'
import { allCases } from '../../backends/op-cases.ts'
import { actualCost, expectedCost, opOf, type CostCase } from './costs/case.ts'
import { filterCases } from './costs/filters.ts'
import { movementCases } from './costs/movements.ts'
import { normCases } from './costs/norms.ts'
import { pointwiseCases } from './costs/pointwise.ts'
import { poolCases } from './costs/pools.ts'
import { applied, costOf, tensors } from './support.ts'

const cases: readonly CostCase[] = [
  ...filterCases,
  ...normCases,
  ...pointwiseCases,
  ...poolCases,
  ...movementCases,
]

describe('the cost of', () => {
  it.each(cases.map((one) => [one.title, one] as const))('%s', (_, one) => {
    expect(actualCost(one)).toEqual(expectedCost(one))
  })

  it('every operator has a case', () => {
    const covered = new Set(cases.map(opOf))
    expect(opNames.filter((name) => !covered.has(name))).toEqual([])
  })
})

/** Of every geometry that the backends are tested with. */
const geometries = allCases.map(({ op, title, attributes, inputs }) => {
  const operator = operatorOf(op)
  const types = tensors(inputs)
  const outputs = operator.infer(attributes, types)
  if ('problem' in outputs) throw new Error(title)
  return { title, op, inputs: types, outputs, cost: operator.cost(attributes, types, outputs) }
})

describe.each(geometries)('$title', ({ cost, inputs, outputs }) => {
  it('costs whole amounts that are not negative', () => {
    for (const amount of amountsOf(cost)) {
      expect(Number.isSafeInteger(amount)).toBe(true)
      expect(amount).toBeGreaterThanOrEqual(0)
    }
  })

  it('has an amount for each input and output, and keeps those that there are', () => {
    for (const pass of [cost.inference, cost.training]) {
      expect(pass.reads).toHaveLength(inputs.length)
      expect(pass.writes).toHaveLength(outputs.length)
    }
    for (const index of cost.saves.inputs) expect(inputs[index]).toBeDefined()
    for (const index of cost.saves.outputs) expect(outputs[index]).toBeDefined()
  })

  it('takes no less in training, and writes no more gradients than three times its input', () => {
    const { inference, training, backward } = cost
    expect(training.arithmetic).toBeGreaterThanOrEqual(inference.arithmetic)
    expect(training.macs).toBe(inference.macs)
    const most = inputs.reduce((sum, input) => sum + elements(input), 0)
    expect(backward.written).toBeLessThanOrEqual(3 * most)
  })
})

const numbersIn = (value: object): number[] =>
  Object.values(value).flatMap((one: unknown) =>
    Array.isArray(one) ? one.map(Number) : typeof one === 'number' ? [one] : [],
  )

const amountsOf = ({ inference, training, backward, saves }: Cost): number[] =>
  [inference, training, backward, saves].flatMap(numbersIn)

const side = fc.integer({ min: 1, max: 64 })

describe('in general', () => {
  it('twice the area costs a pointwise operator twice as much', () => {
    const pointwise = fc.constantFrom(...activationNames, 'add', 'mul', 'scale')
    const property = fc.property(pointwise, side, side, side, (op, channels, height, width) => {
      const shapes = (rows: number) => {
        const one = [channels, rows, width]
        return op === 'add' || op === 'mul' ? [one, one] : [one]
      }
      const once = costOf(applied(op, {}, ...shapes(height)))
      const twice = costOf(applied(op, {}, ...shapes(2 * height)))
      for (const pass of ['inference', 'training', 'backward'] as const)
        expect(numbersIn(twice[pass])).toEqual(numbersIn(once[pass]).map((amount) => 2 * amount))
    })
    fc.assert(property, { seed: 5 })
  })

  it('views move nothing forward and keep nothing', () => {
    const property = fc.property(side, side, side, (channels, height, width) => {
      const map = [2 * channels, height, width]
      const uses = [
        applied('flatten', {}, map),
        applied('reshape', { shape: [height, 2 * channels, width] }, map),
        applied('slice', { start: 0, end: channels }, map),
        applied('split', { parts: 2 }, map),
      ]
      for (const use of uses) {
        const { inference, training, saves } = costOf(use)
        expect(numbersIn(inference).every((amount) => amount === 0)).toBe(true)
        expect(training).toEqual(inference)
        expect(saves).toMatchObject({ inputs: [], outputs: [], statistics: 0, indices: 0, mask: 0 })
      }
    })
    fc.assert(property, { seed: 6 })
  })

  it('g groups divide the MACs of a convolution by g, and move as much', () => {
    const property = fc.property(fc.integer({ min: 1, max: 8 }), side, side, (groups, height, width) => {
      const conv = (groups: number) =>
        costOf(applied('conv', { channels: 240, kernel: 3, groups, bias: false }, [120, height, width]))
      fc.pre(120 % groups === 0)
      const dense = conv(1)
      const grouped = conv(groups)
      expect(grouped.inference.macs * groups).toBe(dense.inference.macs)
      expect(grouped.backward.macs * groups).toBe(dense.backward.macs)
      expect(grouped.inference.reads).toEqual(dense.inference.reads)
      expect(grouped.inference.writes).toEqual(dense.inference.writes)
    })
    fc.assert(property, { seed: 7 })
  })

  it('a partial convolution of all channels is a convolution', () => {
    const property = fc.property(side, side, side, (channels, height, width) => {
      const map = [channels, height, width]
      const part = costOf(applied('partial_conv', { ratio: 1, kernel: 3 }, map))
      expect(part).toEqual(costOf(applied('conv', { channels, kernel: 3, bias: false }, map)))
    })
    fc.assert(property, { seed: 8 })
  })
})
