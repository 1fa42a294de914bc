import { describe, expect, it } from 'vitest'
import { eager } from '../../src/engines/eager/eager.ts'
import { fused } from '../../src/engines/fused/fused.ts'
import { defaultExecution, type Kernel } from '../../src/engines/kernel.ts'
import { kernelsOf } from '../../src/engines/schedule.ts'
import { builtIns } from '../../src/host/built-ins.ts'
import { conv, type GraphSketch } from '../ir/graph-fixtures.ts'
import { networkGraph } from '../networks/support.ts'
import { chain, fusedRows, norm } from './support.ts'

const conv1 = (sketch: GraphSketch, path: string, x: number, channels = 8) =>
  sketch.one({ op: 'conv', path, attributes: conv(channels, 1), inputs: [x] })

describe('a kernel takes in what follows element by element', () => {
  it('norm, activation and the sum with a branch that is there already', () => {
    const graph = chain([8, 4, 4], (sketch, x) => {
      const y = conv1(sketch, 'a.conv1', x)
      const normed = sketch.one({ op: 'batch_norm', path: 'a.norm', attributes: norm, inputs: [y] })
      const sum = sketch.one({ op: 'add', path: 'a.add', inputs: [normed, x] })
      return sketch.one({ op: 'relu', path: 'a.relu', inputs: [sum] })
    })
    // x is read once: the sum takes what the convolution has read.
    expect(fusedRows(graph, { precision: 'fp16' })).toEqual([
      ['conv + batch_norm + add + relu', 'dense', 128 * 2, 128 * 2, (64 + 4 * 8) * 2],
    ])
  })

  it('writes what others need as well', () => {
    const graph = chain([8, 4, 4], (sketch, x) => {
      const first = conv1(sketch, 'a.conv1', x)
      const act = sketch.one({ op: 'relu', path: 'a.relu', inputs: [first] })
      const second = conv1(sketch, 'a.conv2', act)
      return sketch.one({ op: 'add', path: 'a.add', inputs: [second, first] })
    })
    expect(fusedRows(graph, { precision: 'fp16' })).toEqual([
      ['conv + relu', 'dense', 128 * 2, 2 * 128 * 2, 64 * 2],
      ['conv + add', 'dense', 2 * 128 * 2, 128 * 2, 64 * 2],
    ])
  })

  it('a mean is taken where its input is made, and ends that kernel; the gate waits for it', () => {
    const graph = chain([8, 4, 4], (sketch, x) => {
      const y = conv1(sketch, 'a.conv1', x)
      const mean = sketch.one({ op: 'global_avg_pool', path: 'a.pool', inputs: [y] })
      const gate = sketch.one({ op: 'sigmoid', path: 'a.gate', inputs: [conv1(sketch, 'a.conv2', mean)] })
      return sketch.one({ op: 'mul', path: 'a.mul', inputs: [y, gate] })
    })
    expect(fusedRows(graph, { precision: 'fp16' })).toEqual([
      ['conv + global_avg_pool', 'dense', 128 * 2, (128 + 8) * 2, 64 * 2],
      ['conv + sigmoid', 'dense', 8 * 2, 8 * 2, 64 * 2],
      ['mul', 'pointwise', (128 + 8) * 2, 128 * 2, 0],
    ])
  })

  it('a partial convolution moves its own channels only, unless something follows in its kernel', () => {
    const partial = (sketch: GraphSketch, x: number) => {
      const attributes = { channels: 8, kernel: [3, 3], padding: [1, 1, 1, 1], bias: false }
      return sketch.one({ op: 'partial_conv', path: 'a.conv1', attributes, inputs: [x] })
    }
    expect(fusedRows(chain([32, 4, 4], partial), { precision: 'fp16' })).toEqual([
      ['partial_conv', 'dense', 128 * 2, 128 * 2, 576 * 2],
    ])
    const followed = chain([32, 4, 4], (sketch, x) =>
      sketch.one({ op: 'relu', path: 'a.relu', inputs: [partial(sketch, x)] }),
    )
    expect(fusedRows(followed, { precision: 'fp16' })).toEqual([
      ['partial_conv + relu', 'dense', 512 * 2, 512 * 2, 576 * 2],
    ])
  })

  it('a branch that comes later is not waited for', () => {
    const graph = chain([8, 4, 4], (sketch, x) => {
      const main = conv1(sketch, 'a.conv1', x)
      const skip = conv1(sketch, 'a.conv2', x)
      return sketch.one({ op: 'add', path: 'a.add', inputs: [main, skip] })
    })
    expect(fusedRows(graph, { precision: 'fp16' }).map(([name]) => name)).toEqual(['conv', 'conv + add'])
  })
})

describe('training', () => {
  it('a batch norm waits for its statistics, and a convolution has two gradients', () => {
    const graph = chain([8, 4, 4], (sketch, x) => {
      const normed = sketch.one({
        op: 'batch_norm',
        path: 'a.norm',
        attributes: norm,
        inputs: [conv1(sketch, 'a.conv1', x)],
      })
      return sketch.one({ op: 'relu', path: 'a.relu', inputs: [normed] })
    })
    expect(fusedRows(graph, { precision: 'fp32', mode: 'training' }).map(([name]) => name)).toEqual([
      ...['conv', 'batch_norm + relu'],
      ...['relu backward', 'batch_norm backward', 'conv backward weight'],
      ...['update', 'update'],
    ])
  })
})

describe('whatever the network', () => {
  const sum = (kernels: readonly Kernel[], of: (kernel: Kernel) => number) =>
    kernels.reduce((total, kernel) => total + of(kernel), 0)
  const bytes = ({ read, written }: Kernel) => read + written

  it.each(
    builtIns()
      .map(({ name, isFamily }) => [name, isFamily] as const)
      .filter(([, family]) => !family),
  )(
    '%s: the same MACs as eager, never more bytes or kernels, every operator in one kernel at most',
    (name) => {
      const graph = networkGraph(name)
      const apart = kernelsOf(eager(graph, defaultExecution))
      const schedule = fused(graph, defaultExecution)
      const together = kernelsOf(schedule)
      expect(sum(together, ({ macs }) => macs)).toBe(sum(apart, ({ macs }) => macs))
      expect(sum(together, bytes)).toBeLessThanOrEqual(sum(apart, bytes))
      expect(together.length).toBeLessThan(apart.length)
      const nodes = schedule.calls.flatMap(({ node, fused: others }) => [node, ...others])
      expect(new Set(nodes).size).toBe(nodes.length)
    },
  )
})
