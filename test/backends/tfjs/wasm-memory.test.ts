import { engine } from '@tensorflow/tfjs-core'
import { beforeEach, describe, expect, it } from 'vitest'
import { compileTfjs } from '../../../src/backends/tfjs/compile.ts'
import { activeGuard } from '../../../src/backends/tfjs/wasm/guard.ts'
import { needsOf } from '../../../src/backends/tfjs/wasm/needs.ts'
import type { Graph } from '../../../src/ir/graph.ts'
import { tensor } from '../../../src/ir/tensor-type.ts'
import { compile } from '../../../src/runtime/compile.ts'
import { openTfjs } from '../../../src/backends/tfjs/node/device.ts'
import { networkGraph } from '../../networks/support.ts'
import { GraphBuilder, randomWeights } from '../graph-builder.ts'

const convolution = {
  stride: [1, 1],
  padding: [0, 0, 0, 0],
  dilation: [1, 1],
  groups: 1,
  bias: false,
  kernel: [3, 3],
  channels: 16,
} as const
type Convolution = { readonly [K in keyof typeof convolution]: unknown } & {
  readonly size: number
  readonly inputs: number
}

function single(changes: Partial<Convolution>): Graph {
  const { size = 64, inputs = 8, ...attributes } = changes
  const net = new GraphBuilder([tensor(inputs, size, size)])
  return net.graph(net.nodeOf('conv', { ...convolution, ...(attributes as object) }, net.inputs))
}

const pool = (op: 'max_pool' | 'avg_pool', padding: number): Graph => {
  const net = new GraphBuilder([tensor(8, 96, 96)])
  const window = { kernel: [5, 5], stride: [2, 2], padding: [padding, padding, padding, padding] }
  return net.graph(
    net.nodeOf(op, { ...window, ...(op === 'avg_pool' ? { count_padding: false } : {}) }, net.inputs),
  )
}

const linear = (): Graph => {
  const net = new GraphBuilder([tensor(2000)])
  return net.graph(net.node('linear', { features: 3001, bias: true }, net.inputs))
}

const upsample = (mode: 'bilinear' | 'nearest'): Graph => {
  const net = new GraphBuilder([tensor(4, 64, 64)])
  return net.graph(net.nodeOf('upsample', { mode, factor: [3, 3] }, net.inputs))
}

const same = (n: number): number[] => [n, n, n, n]

const cases: readonly (readonly [name: string, graph: () => Graph])[] = [
  ['a convolution', () => single({ padding: same(1) })],
  ['a large kernel', () => single({ kernel: [11, 11], channels: 4, inputs: 3, padding: same(5) })],
  ['a stride', () => single({ stride: [2, 2], kernel: [5, 5], size: 129 })],
  ['a dilation', () => single({ dilation: [2, 2], padding: same(2) })],
  ['a stride and a dilation', () => single({ dilation: [2, 2], stride: [2, 2] })],
  ['a product', () => single({ kernel: [1, 1], inputs: 203, channels: 77 })],
  ['a product with a stride', () => single({ kernel: [1, 1], stride: [2, 2], size: 128 })],
  ['a product with padding', () => single({ kernel: [1, 1], padding: same(1) })],
  ['many weights', () => single({ inputs: 512, channels: 1030, size: 4 })],
  ['few outputs', () => single({ inputs: 3, channels: 1, kernel: [9, 9] })],
  ['groups', () => single({ inputs: 256, groups: 8, channels: 256, padding: same(1) })],
  ...[1, 2, 3, 5, 6, 7].map(
    (k) =>
      [
        `depthwise ${k}x${k}`,
        () => single({ inputs: 64, groups: 64, channels: 64, kernel: [k, k] }),
      ] as const,
  ),
  [
    'depthwise with a stride',
    () => single({ inputs: 64, groups: 64, channels: 64, stride: [2, 2], padding: same(1) }),
  ],
  ['depthwise with a dilation', () => single({ inputs: 64, groups: 64, channels: 64, dilation: [3, 3] })],
  ['depthwise with a multiplier', () => single({ inputs: 64, groups: 64, channels: 192 })],
  ['depthwise 1x7', () => single({ inputs: 64, groups: 64, channels: 64, kernel: [1, 7] })],
  ['a maximum', () => pool('max_pool', 2)],
  ['an average', () => pool('avg_pool', 0)],
  ['an average with padding', () => pool('avg_pool', 2)],
  ['a linear layer', linear],
  ['an enlargement', () => upsample('bilinear')],
  ['an enlargement by repetition', () => upsample('nearest')],
  ['ResNet-18', () => networkGraph('resnet18', [3, 64, 64])],
  ['MobileNetV3', () => networkGraph('mobilenetv3_large_100', [3, 96, 96])],
  ['ShuffleNetV2', () => networkGraph('shufflenet_v2_x0_5', [3, 96, 96])],
]

/** Where the SIMD module of tfjs-backend-wasm 4.22 keeps how far its memory is taken. */
const TAKEN = 23_168
const taken = (): number => {
  const { wasm } = engine().backend as unknown as { wasm: { readonly HEAP32: Int32Array } }
  return (wasm.HEAP32[TAKEN >>> 2] ?? 0) >>> 0
}

const wantedOf = (graph: Graph) => {
  const [input, output] = [graph.values[graph.inputs[0] ?? 0], graph.values[graph.outputs[0] ?? 0]]
  if (!input || !output) throw new Error('a graph without ends')
  return { graph, input, wanted: [output] }
}

beforeEach(async () => {
  const guard = activeGuard()
  if (guard) guard.broken = true
  await openTfjs('cpu')
  expect(await openTfjs('wasm')).toBe('wasm')
})

describe('what the module takes is what was counted, to a thousandth and 64 KiB', () => {
  it.each(cases)('%s', async (_, make) => {
    const graph = make()
    const needs = needsOf({ ...wantedOf(graph), batch: 2, others: 0 })
    const model = compileTfjs(graph, randomWeights(graph, 1))
    const size = graph.values[graph.inputs[0] ?? 0]?.type.shape.reduce((a, b) => a * b, 1) ?? 0
    await model.predict(new Float32Array(2 * size), 2)
    expect(needs.bytes).toBeGreaterThanOrEqual(taken())
    expect(needs.bytes).toBeLessThan(1.001 * taken() + 2 ** 16)
    model.dispose()
  })
})

it('refuses what does not fit, with what takes the memory, and keeps the backend', async () => {
  const graph = single({ size: 4096, inputs: 3, kernel: [11, 11], channels: 4 })
  await expect(compile(graph)).rejects.toMatchObject({
    diagnostics: [
      {
        code: 'E0720',
        message: expect.stringMatching(/needs 8\.\d+ GiB .* at `conv1`/) as string,
        help: expect.stringContaining('7.53 GiB of tables') as string,
      },
    ],
  })
  expect(activeGuard()).toMatchObject({ broken: false })
})

it('refuses a batch that does not fit where a single input does', async () => {
  const graph = single({ size: 512, inputs: 3, channels: 64 })
  const model = compileTfjs(graph, randomWeights(graph, 1))
  const batch = 40
  await expect(model.predict(new Float32Array(batch * 3 * 512 * 512), batch)).rejects.toMatchObject({
    diagnostics: [{ code: 'E0720', help: expect.stringContaining('run fewer inputs at once') as string }],
  })
  model.dispose()
})

it('counts what other models hold, until they are disposed', () => {
  const graph = single({})
  const model = compileTfjs(graph, randomWeights(graph, 1))
  activeGuard()?.kept.set({}, 4 * 2 ** 30 - 2 ** 20)
  expect(() => compileTfjs(graph, randomWeights(graph, 1))).toThrow(/E0720|needs/)
  model.dispose()
})
