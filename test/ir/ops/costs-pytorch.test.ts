import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  activationCosts,
  activationNames,
  activationOf,
  type ActivationName,
} from '../../../src/ir/ops/activations.ts'
import type { Attributes, Cost } from '../../../src/ir/ops/definition.ts'
import { isProblem } from '../../../src/ir/ops/definition.ts'
import { isOpName, operatorOf, opNames } from '../../../src/ir/ops/index.ts'
import { tensors } from './support.ts'

/** An operator run by PyTorch: what autograd kept, and the MACs that its counter found. Of `batch` images. */
interface Measured {
  readonly op: string
  readonly note: string
  readonly attributes: Attributes
  /** Without the batch. */
  readonly inputs: readonly (readonly number[])[]
  readonly keeps: Kept
  readonly macs: { readonly forward: number; readonly backward: number }
}

interface Kept {
  readonly inputs: readonly number[]
  readonly outputs: readonly number[]
  /** Neither an input, an output, a parameter nor a buffer. */
  readonly other: readonly Other[]
}

interface Other {
  readonly type: string
  readonly elements: number
}

const file = new URL('../../reference/costs-pytorch.json', import.meta.url)
const { batch, cases } = JSON.parse(readFileSync(file, 'utf8')) as {
  batch: number
  cases: Readonly<Record<string, Measured>>
}

function costOf({ op, attributes, inputs }: Measured): Cost {
  if (!isOpName(op)) throw new Error(`no operator ${op}`)
  const operator = operatorOf(op)
  const types = tensors(inputs)
  const outputs = operator.infer(attributes, types)
  if (isProblem(outputs)) throw new Error(`${op}: ${outputs.problem}`)
  return operator.cost(attributes, types, outputs)
}

/** What the operator says that it keeps, as the script writes it. Statistics are two tensors. */
function keptByUs({ inputs, outputs, statistics, indices, mask }: Cost['saves']): Kept {
  const statistic = { type: 'float32', elements: statistics / 2 }
  return {
    inputs,
    outputs,
    other: [
      ...(statistics > 0 ? [statistic, statistic] : []),
      ...(indices > 0 ? [{ type: 'int64', elements: batch * indices }] : []),
      ...(mask > 0 ? [{ type: 'bool', elements: batch * mask }] : []),
    ],
  }
}

interface Difference {
  readonly reason: string
  readonly keeps: Kept
}

const float32 = (elements: number): Other => ({ type: 'float32', elements })
const copied =
  'PyTorch copies the input before it overwrites it, and keeps the copy: as much memory as the input'
const withoutPlace = 'it is counted as networks write it: in place, where PyTorch keeps the output'
const twoSteps =
  'PyTorch runs norm and activation one after the other; ours is one operator, and engines may split it'
const stats = [float32(4), float32(4)]
const perPosition =
  'mean and deviation of each position: 2 fp32 beside C elements kept; `statistics` is a batch, not an image'

/**
 * Where activations differ by rule: in place PyTorch copies an input that it keeps, and one that we count as in place, which
 * keeps its output there, keeps its input elsewhere.
 */
function differencesOf(name: ActivationName): readonly (readonly [title: string, difference: Difference])[] {
  const { saves } = activationCosts[name]
  const [plain, inPlace] = [cases[name], cases[`${name} in place`]]
  if (saves === 'input')
    return inPlace === undefined
      ? []
      : [[`${name} in place`, { reason: copied, keeps: { inputs: [], outputs: [], other: [float32(384)] } }]]
  if (!activationOf(name).runsInPlace || plain?.keeps.inputs.length === 0) return []
  return [[name, { reason: withoutPlace, keeps: { inputs: [0], outputs: [], other: [] } }]]
}

/** Where we say something else than what PyTorch does, with what it does. */
const differences: Readonly<Record<string, Difference>> = {
  ...Object.fromEntries(activationNames.flatMap(differencesOf)),
  'abn leaky_relu': { reason: twoSteps, keeps: { inputs: [0], outputs: [0], other: stats } },
  'abn relu': { reason: twoSteps, keeps: { inputs: [0], outputs: [0], other: stats } },
  'abn none': {
    reason: 'without an activation it is batch norm there, which keeps its input; in place, the output',
    keeps: { inputs: [0], outputs: [], other: stats },
  },
  'layer_norm of a map': {
    reason: perPosition,
    keeps: { inputs: [0], outputs: [], other: [float32(96), float32(96)] },
  },
  'layer_norm of a vector': {
    reason: perPosition,
    keeps: { inputs: [0], outputs: [], other: [float32(2), float32(2)] },
  },
  dropout: {
    reason: 'on a CPU the mask is a factor in fp32; on CUDA `native_dropout` keeps booleans, as counted here',
    keeps: { inputs: [], outputs: [], other: [float32(24)] },
  },
  drop_path: {
    reason: 'one factor an image in fp32 where one boolean would do',
    keeps: { inputs: [], outputs: [], other: [float32(2)] },
  },
  blur_pool: {
    reason:
      'reflection keeps the input and the convolution the padded map; neither is needed with a fixed filter',
    keeps: { inputs: [0], outputs: [], other: [float32(640)] },
  },
}

const titled = Object.entries(cases)

describe('kept for the backward pass, as PyTorch does:', () => {
  it.each(titled)('%s', (title, measured) => {
    const ours = keptByUs(costOf(measured).saves)
    const difference = differences[title]
    expect(measured.keeps).toEqual(difference?.keeps ?? ours)
    // A difference that is none any more has to go.
    if (difference !== undefined) expect(measured.keeps).not.toEqual(ours)
  })

  it('differs in cases that there are', () => {
    const titles = titled.map(([title]) => title)
    expect(Object.keys(differences).filter((title) => !titles.includes(title))).toEqual([])
  })

  it('is measured of every operator', () => {
    expect(opNames.filter((name) => !titled.some(([, { op }]) => op === name))).toEqual([])
  })
})

describe('multiply-accumulates, as torch.utils.flop_counter finds them:', () => {
  it.each(titled)('%s', (_, measured) => {
    const { inference, backward } = costOf(measured)
    expect(inference.macs + inference.fixedMacs).toBe(measured.macs.forward)
    expect(backward.macs + backward.fixedMacs).toBe(measured.macs.backward - overcounted(measured))
  })
})

/** Its count of a convolution's gradient of the weights forgets that groups divide it. */
function overcounted({ op, attributes, macs }: Measured): number {
  const { groups } = attributes
  return op === 'conv' && typeof groups === 'number' ? (groups - 1) * macs.forward : 0
}
