import { beforeAll, describe, expect, it } from 'vitest'
import type { Weights } from '../../src/weights/weights.ts'
import { activationNames, activationOf } from '../../src/ir/ops/activations.ts'
import type { Attributes } from '../../src/ir/ops/definition.ts'
import { evaluateFormula } from '../../src/ir/ops/formula.ts'
import { isOpName, opNames } from '../../src/ir/ops/index.ts'
import { tensor } from '../../src/ir/tensor-type.ts'
import { runnableDevices } from '../../src/backends/index.ts'
import { openTfjs } from '../../src/backends/tfjs/node/device.ts'
import fixture from './fixtures/ops.json' with { type: 'json' }
import { GraphBuilder } from './graph-builder.ts'
import { difference, runOnReference, runOnTfjs, type Arrays } from './run-ops.ts'

interface FixtureTensor {
  readonly shape: readonly number[]
  readonly data: readonly number[]
}

interface FixtureCase {
  readonly op: string
  readonly attributes: Attributes
  readonly inputs: readonly FixtureTensor[]
  readonly parameters: Readonly<Record<string, FixtureTensor>>
  readonly outputs: readonly FixtureTensor[]
  /** Of activations: the gradient of the sum of the outputs. */
  readonly gradients?: readonly FixtureTensor[]
}

// JSON knows no tuples and no exact unions; the script that wrote the file is the type's other half.
const byTitle = fixture.cases as unknown as Readonly<Record<string, FixtureCase>>
const cases = Object.entries(byTitle).map(([title, one]) => ({ title, ...one }))

const arrays = (tensors: readonly FixtureTensor[]): Arrays =>
  tensors.map(({ data }) => Float32Array.from(data))

function graphOf({ op, attributes, inputs, parameters, outputs }: FixtureCase) {
  if (!isOpName(op)) throw new Error(`no operator ${op}`)
  const builder = new GraphBuilder(inputs.map(({ shape }) => tensor(...shape.slice(1))))
  const graph = builder.graph(builder.nodeOf(op, attributes, builder.inputs))
  const weights: Weights = new Map(
    graph.parameters.map(({ name, role }) => [name, Float32Array.from(parameters[role]?.data ?? [])]),
  )
  const shape = (id: number): readonly number[] => graph.values[id]?.type.shape ?? []
  expect(graph.outputs.map(shape)).toEqual(outputs.map((output) => output.shape.slice(1)))
  for (const { value, role } of graph.parameters) expect(shape(value)).toEqual(parameters[role]?.shape)
  return { graph, weights, batch: inputs[0]?.shape[0] ?? 0 }
}

function expectClose(actual: Arrays, expected: readonly FixtureTensor[], tolerance: number): void {
  expect(actual.length).toBe(expected.length)
  arrays(expected).forEach((values, i) =>
    expect(difference(actual[i] ?? new Float32Array(), values)).toBeLessThan(tolerance),
  )
}

it('covers every operator', () => {
  expect([...new Set(cases.map(({ op }) => op))].sort()).toEqual([...opNames].sort())
})

describe('the oracle computes what PyTorch computes', () => {
  it.each(cases)('$title', (one) => {
    const { graph, weights, batch } = graphOf(one)
    expectClose(runOnReference(graph, weights, arrays(one.inputs), batch), one.outputs, 2e-6)
  })
})

describe('the gradient of an activation is the one of PyTorch', () => {
  it.each(activationNames)('%s', (name) => {
    const { value, gradient, parameter: number } = activationOf(name)
    const { attributes, inputs, gradients } = byTitle[name] ?? expect.fail()
    const parameter = Number(attributes[number?.name ?? ''] ?? 0)
    const computed = inputs[0]?.data.map((x) => {
      const y = evaluateFormula(value, { x, parameter })
      return evaluateFormula(gradient, { x, y, g: 1, parameter })
    })
    const difference = computed?.map((one, i) => Math.abs(one - (gradients?.[0]?.data[i] ?? NaN))) ?? []
    expect(difference).toHaveLength(26)
    expect(Math.max(...difference)).toBeLessThan(1e-7)
  })
})

describe.each(runnableDevices)('tfjs on %s computes what PyTorch computes', (device) => {
  beforeAll(async () => {
    await openTfjs(device)
  })

  it.each(cases)('$title', (one) => {
    const { graph, weights, batch } = graphOf(one)
    expectClose(runOnTfjs(graph, weights, arrays(one.inputs), batch, device), one.outputs, 1e-5)
  })
})
