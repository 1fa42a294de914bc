import { activationNames, activationOf, type ActivationName } from '../../src/ir/ops/activations.ts'
import type { AttributeValue, Attributes } from '../../src/ir/ops/definition.ts'
import type { AttributesOf, OpName } from '../../src/ir/ops/index.ts'
import { convCases } from './conv-cases.ts'

/** One use of an operator: attributes and the shapes of its inputs. */
export interface OpCase {
  readonly note?: string
  readonly attributes: Attributes
  readonly inputs: readonly (readonly number[])[]
}

type CasesOf<N extends OpName> = readonly {
  note?: string
  attributes: AttributesOf<N>
  inputs: readonly number[][]
}[]

const norm = { eps: 1e-3, momentum: 0.1, initial_scale: 1 }
const map = [3, 5, 7]
const plain: CasesOf<'flatten'> = [
  { attributes: {}, inputs: [map] },
  { attributes: {}, inputs: [[6]] },
]

/** An activation with its defaults, and with other numbers where it takes one. */
function casesOfActivation(name: ActivationName): readonly OpCase[] {
  const { parameter } = activationOf(name)
  if (parameter === undefined) return plain
  const withNumber = (value: number) => ({ [parameter.name]: value })
  return [
    { attributes: withNumber(parameter.default), inputs: [map] },
    { attributes: withNumber(-0.5), inputs: [map] },
    { attributes: withNumber(2), inputs: [[6]] },
  ]
}

type ActivationCases = { readonly [N in ActivationName]: CasesOf<N> }

/** Several geometries of every operator; one without cases does not compile. */
export const opCases: { readonly [N in OpName]: CasesOf<N> } = {
  ...(Object.fromEntries(
    activationNames.map((name) => [name, casesOfActivation(name)]),
  ) as unknown as ActivationCases),
  abn: [
    ...activationNames.map((activation) => ({
      attributes: { ...norm, activation, slope: 0.125 },
      inputs: [map],
    })),
    { attributes: { ...norm, activation: 'none', slope: 0 }, inputs: [map] },
    { attributes: { ...norm, activation: 'leaky_relu', slope: 0.01 }, inputs: [[6]] },
  ],
  add: [
    { attributes: {}, inputs: [map, map] },
    { attributes: {}, inputs: [map, map, map] },
    { attributes: {}, inputs: [map, [3, 1, 1]] },
    { attributes: {}, inputs: [[1, 5, 7], map] },
    { attributes: {}, inputs: [[6], [6]] },
  ],
  avg_pool: [
    {
      attributes: { kernel: [2, 2], stride: [2, 2], padding: [0, 0, 0, 0], count_padding: true },
      inputs: [map],
    },
    {
      note: 'ceil: the extra at the bottom and right does not count',
      attributes: { kernel: [2, 2], stride: [2, 2], padding: [0, 1, 1, 0], count_padding: false },
      inputs: [map],
    },
    {
      attributes: { kernel: [3, 3], stride: [2, 2], padding: [1, 1, 1, 1], count_padding: true },
      inputs: [map],
    },
    {
      attributes: { kernel: [3, 3], stride: [2, 2], padding: [1, 1, 1, 1], count_padding: false },
      inputs: [map],
    },
    {
      attributes: { kernel: [3, 2], stride: [1, 2], padding: [2, 0, 1, 1], count_padding: true },
      inputs: [map],
    },
    {
      attributes: { kernel: [3, 2], stride: [1, 2], padding: [2, 0, 1, 1], count_padding: false },
      inputs: [map],
    },
    {
      attributes: { kernel: [1, 1], stride: [2, 2], padding: [0, 0, 0, 0], count_padding: true },
      inputs: [map],
    },
    {
      attributes: { kernel: [1, 1], stride: [1, 1], padding: [0, 0, 0, 0], count_padding: true },
      inputs: [map],
    },
    {
      attributes: { kernel: [2, 2], stride: [3, 4], padding: [0, 0, 0, 0], count_padding: true },
      inputs: [map],
    },
    {
      attributes: { kernel: [1, 3], stride: [1, 1], padding: [0, 1, 0, 1], count_padding: false },
      inputs: [map],
    },
  ],
  batch_norm: [
    { attributes: norm, inputs: [map] },
    { attributes: norm, inputs: [[70, 2, 3]] },
    { attributes: norm, inputs: [[6]] },
  ],
  blur_pool: [
    { attributes: { stride: [2, 2] }, inputs: [[3, 6, 8]] },
    { note: 'odd sizes', attributes: { stride: [2, 2] }, inputs: [map] },
    { attributes: { stride: [1, 2] }, inputs: [map] },
    { attributes: { stride: [3, 1] }, inputs: [[2, 2, 2]] },
    { attributes: { stride: [1, 1] }, inputs: [map] },
  ],
  channel_shuffle: [
    { attributes: { groups: 2 }, inputs: [[6, 2, 3]] },
    { attributes: { groups: 3 }, inputs: [[6, 3, 1]] },
    { attributes: { groups: 1 }, inputs: [map] },
  ],
  concat: [
    { attributes: {}, inputs: [map] },
    { attributes: {}, inputs: [map, [1, 5, 7], [4, 5, 7]] },
    { attributes: {}, inputs: [[2], [5]] },
  ],
  conv: convCases,
  depth_to_space: [
    { attributes: { block: 2 }, inputs: [[12, 2, 3]] },
    { attributes: { block: 3 }, inputs: [[9, 3, 2]] },
  ],
  drop_path: [{ attributes: { rate: 0.5 }, inputs: [map] }],
  dropout: [{ attributes: { rate: 0.5 }, inputs: [[6]] }],
  flatten: plain,
  global_avg_pool: [
    { attributes: {}, inputs: [map] },
    { attributes: {}, inputs: [[5, 1, 1]] },
    { attributes: {}, inputs: [[2, 1, 9]] },
    { attributes: {}, inputs: [[17, 112, 96]] },
  ],
  layer_norm: [
    { attributes: { eps: 1e-6 }, inputs: [map] },
    { attributes: { eps: 1e-2 }, inputs: [[6]] },
  ],
  linear: [
    { attributes: { features: 4, bias: true }, inputs: [[6]] },
    { attributes: { features: 3, bias: false }, inputs: [[5, 1, 1]] },
  ],
  max_pool: [
    { attributes: { kernel: [2, 2], stride: [2, 2], padding: [0, 0, 0, 0] }, inputs: [map] },
    { attributes: { kernel: [3, 3], stride: [2, 2], padding: [1, 1, 1, 1] }, inputs: [map] },
    { attributes: { kernel: [3, 2], stride: [2, 1], padding: [2, 1, 0, 1] }, inputs: [map] },
    { attributes: { kernel: [3, 3], stride: [2, 2], padding: [0, 1, 1, 0] }, inputs: [map] },
    { attributes: { kernel: [1, 1], stride: [2, 3], padding: [0, 0, 0, 0] }, inputs: [map] },
    { attributes: { kernel: [1, 1], stride: [1, 1], padding: [0, 0, 0, 0] }, inputs: [map] },
    { attributes: { kernel: [2, 2], stride: [3, 3], padding: [0, 0, 0, 0] }, inputs: [map] },
  ],
  mul: [
    { attributes: {}, inputs: [map, map] },
    { attributes: {}, inputs: [map, [3, 1, 1], [1, 5, 7]] },
    {
      attributes: {},
      inputs: [
        [3, 1, 1],
        [1, 5, 7],
      ],
    },
    { attributes: {}, inputs: [[6], [1]] },
  ],
  pad: [
    { attributes: { padding: [1, 2, 3, 0], mode: 'zero' }, inputs: [map] },
    { attributes: { padding: [1, 2, 3, 0], mode: 'reflect' }, inputs: [map] },
    { attributes: { padding: [4, 6, 4, 6], mode: 'reflect' }, inputs: [map] },
  ],
  partial_conv: [
    { attributes: { channels: 2, kernel: [3, 3], padding: [1, 1, 1, 1], bias: false }, inputs: [[8, 5, 6]] },
    { attributes: { channels: 1, kernel: [1, 3], padding: [0, 1, 0, 1], bias: true }, inputs: [[5, 5, 6]] },
    { attributes: { channels: 4, kernel: [3, 3], padding: [1, 1, 1, 1], bias: true }, inputs: [[4, 5, 6]] },
  ],
  reshape: [
    { attributes: { shape: [105] }, inputs: [map] },
    { attributes: { shape: [7, 3, 5] }, inputs: [map] },
    { attributes: { shape: [2, 3, 1] }, inputs: [[6]] },
    { attributes: { shape: [6] }, inputs: [[6]] },
  ],
  scale: [
    { attributes: { initial: 1e-6 }, inputs: [map] },
    { attributes: { initial: 1 }, inputs: [[6]] },
  ],
  slice: [
    { attributes: { start: 1, end: 3 }, inputs: [map] },
    { attributes: { start: 0, end: 2 }, inputs: [[6]] },
    { attributes: { start: 0, end: 3 }, inputs: [map] },
  ],
  softmax: plain,
  space_to_depth: [
    { attributes: { block: 2 }, inputs: [[3, 4, 6]] },
    { attributes: { block: 4 }, inputs: [[3, 8, 12]] },
    { attributes: { block: 1 }, inputs: [map] },
  ],
  split: [
    { attributes: { sizes: [1, 2] }, inputs: [map] },
    { attributes: { sizes: [2, 2, 2] }, inputs: [[6]] },
    { attributes: { sizes: [3] }, inputs: [map] },
  ],
  upsample: [
    { attributes: { factor: [2, 2], mode: 'nearest' }, inputs: [map] },
    {
      note: 'factors whose reciprocals round',
      attributes: { factor: [3, 49], mode: 'nearest' },
      inputs: [[1, 5, 7]],
    },
    { attributes: { factor: [2, 2], mode: 'bilinear' }, inputs: [map] },
    { attributes: { factor: [3, 1], mode: 'bilinear' }, inputs: [map] },
    { attributes: { factor: [4, 5], mode: 'bilinear' }, inputs: [[1, 1, 2]] },
  ],
}

/** Sizes joined by x, and the rest as it is. */
const text = (value: AttributeValue): string =>
  typeof value === 'object' ? (value.length === 2 ? value.join('x') : value.join(' ')) : String(value)

/** What a case is called: all that it says, so that its name stays the same whatever stands before it. */
function titleOf(op: string, { note, attributes, inputs }: OpCase): string {
  const shapes = inputs.map((shape) => shape.join('x')).join(', ')
  const given = Object.entries(attributes).map(([name, value]) => `${name} ${text(value)}`)
  return [`${op} of ${shapes}`, ...given, ...(note === undefined ? [] : [note])].join('; ')
}

/** Every case with its operator and a title for the test. */
export const allCases = Object.entries(opCases).flatMap(([op, cases]) =>
  cases.map((one: OpCase) => ({ op: op as OpName, title: titleOf(op, one), ...one })),
)
