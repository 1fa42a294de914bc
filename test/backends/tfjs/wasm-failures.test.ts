import { engine, getKernel, registerKernel, unregisterKernel } from '@tensorflow/tfjs-core'
import { afterEach, describe, expect, it } from 'vitest'
import { compileTfjs } from '../../../src/backends/tfjs/compile.ts'
import { activeGuard } from '../../../src/backends/tfjs/wasm/guard.ts'
import { tensor } from '../../../src/ir/tensor-type.ts'
import { compile } from '../../../src/runtime/compile.ts'
import { openTfjs } from '../../../src/backends/tfjs/node/device.ts'
import { GraphBuilder, randomValues, randomWeights } from '../graph-builder.ts'
import { difference, runOnReference } from '../run-ops.ts'

const convolution = {
  stride: [1, 1],
  padding: [1, 1, 1, 1],
  dilation: [1, 1],
  groups: 1,
  bias: true,
  kernel: [3, 3],
  channels: 4,
} as const

function network() {
  const net = new GraphBuilder([tensor(3, 8, 8)])
  const convolved = net.node('conv', convolution, net.inputs)
  const active = net.node('relu', {}, convolved)
  const pooled = net.node('global_avg_pool', {}, active)
  return net.graph(net.node('linear', { features: 3, bias: true }, pooled))
}

const graph = network()
const weights = randomWeights(graph, 1)
const input = randomValues(3 * 64, 2)

/** Restores the kernel that a test has put a failing one in the place of. */
let restore: (() => void) | undefined
afterEach(() => restore?.())

function withRelu(fail: () => void): void {
  const original = getKernel('Relu', 'wasm')
  const put = (kernelFunc: typeof original.kernelFunc): void => {
    unregisterKernel('Relu', 'wasm')
    registerKernel({ ...original, kernelFunc })
  }
  put((call) => {
    fail()
    return original.kernelFunc(call)
  })
  restore = () => {
    restore = undefined
    put(original.kernelFunc)
  }
}

interface Emscripten {
  readonly HEAP32: Int32Array
  readonly ___errno_location: () => number
  readonly _malloc: (bytes: number) => number
}

const moduleOf = (): Emscripten => (engine().backend as unknown as { wasm: Emscripten }).wasm

/** A tensor that the module does not know. */
const realTrap = (): void => {
  const { wasm } = engine().backend as unknown as {
    wasm: { readonly _Relu: (x: number, type: number, out: number) => void }
  }
  wasm._Relu(2 ** 31 - 1, 0, 2 ** 31 - 1)
}

const failures: readonly (readonly [what: string, problem: string, fail: () => void])[] = [
  ['a trap', 'it broke off', realTrap],
  [
    'a message of XNNPACK',
    'it reported an error',
    () => activeGuard()?.print('XNN status for xnn_create_x is not successful. Got status 6.'),
  ],
  [
    'memory used up within a kernel',
    'its memory is used up',
    () => {
      const { HEAP32, ___errno_location } = moduleOf()
      HEAP32[___errno_location() >>> 2] = 48
    },
  ],
  ['memory used up for a tensor', 'its memory is used up', () => void moduleOf()._malloc(2 ** 32 - 2 ** 17)],
]

describe.each(failures)('%s', (_, problem, fail) => {
  it('is a diagnostic that names the layer, and the backend starts afresh', async () => {
    const bystander = await compile(graph, { weights })
    const model = await compile(graph, { weights })
    const before = await bystander.predict(input, 1)
    withRelu(fail)
    await expect(model.predict(input, 1)).rejects.toMatchObject({
      diagnostics: [
        { code: 'E0721', message: expect.stringMatching(new RegExp(`relu2.*${problem}`)) as string },
      ],
    })
    restore?.()
    // Both were in that memory.
    for (const lost of [model, bystander])
      await expect(lost.predict(input, 1)).rejects.toMatchObject({ diagnostics: [{ code: 'E0722' }] })
    const next = await compile(graph, { weights })
    expect(next.backend).toBe('wasm')
    const after = await next.predict(input, 1)
    expect(after.logits).toEqual(before.logits)
    for (const each of [bystander, model, next]) each.dispose()
    expect(engine().memory()).toMatchObject({ numTensors: 0, numBytes: 0 })
  })
})

it('leaves what is not the fault of wasm as it is', async () => {
  await openTfjs('wasm')
  const model = compileTfjs(graph, weights)
  withRelu(() => {
    throw new Error('a fault of ours')
  })
  await expect(model.predict(input, 1)).rejects.toThrow('a fault of ours')
  restore?.()
  const { logits } = await model.predict(input, 1)
  expect(
    difference(logits.data, runOnReference(graph, weights, [input], 1)[0] ?? new Float32Array()),
  ).toBeLessThan(1e-4)
  model.dispose()
})
