import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { analyze } from '../../src/analysis/analyze.ts'
import { elaborate } from '../../src/elaborate/elaborate.ts'
import { graphFromJsonText, graphToJsonText } from '../../src/ir/json.ts'
import { verifyGraph } from '../../src/ir/verifier.ts'
import { loadProgram } from '../../src/project/load.ts'
import { hostOf } from '../support/host.ts'
import { published } from '../../src/host/built-ins.ts'
import { networkGraph } from './support.ts'

describe.each(published())('$name', ({ name }) => {
  it('is a sound graph', () => {
    expect(verifyGraph(networkGraph(name))).toEqual([])
  })

  it('survives JSON unchanged', async () => {
    const graph = networkGraph(name)
    expect(await graphFromJsonText(graphToJsonText(graph), { path: 'model.json' })).toEqual(graph)
  })

  it('is the same graph each time', () => {
    expect(graphToJsonText(networkGraph(name))).toBe(graphToJsonText(networkGraph(name)))
  })
})

/** A chain of convolutions that keep the size, strided by a power of two at the beginning. */
const chain = fc.record({
  stride: fc.constantFrom(1, 2, 4),
  layers: fc.array(
    fc.record({
      channels: fc.integer({ min: 1, max: 9 }),
      kernel: fc.constantFrom(1, 3, 5, 7),
      dilation: fc.integer({ min: 1, max: 3 }),
    }),
    { minLength: 1, maxLength: 5 },
  ),
})

describe('MACs', () => {
  it('scale with the area of the input, parameters do not change', () => {
    fc.assert(
      fc.property(
        chain,
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 6 }),
        ({ stride, layers }, rows, columns) => {
          const steps = layers.map(
            ({ channels, kernel, dilation }) => `conv(${channels}, ${kernel}, dilation: ${dilation})`,
          )
          const text = `network net() { input 3 x 16 x 16 stem = conv(4, 3, stride: ${stride}) -> ${steps.join(' -> ')} }`
          const program = loadProgram('net.arch', hostOf({ 'net.arch': text }))
          const at = (height: number, width: number) => {
            const { graph } = elaborate(program, { inputSize: [3, height, width] })
            if (graph === undefined) throw new Error(text)
            return analyze(graph)
          }
          const [small, large] = [at(16, 16), at(16 * rows, 16 * columns)]
          expect(large.macs).toBe(small.macs * rows * columns)
          expect(large.parameters).toBe(small.parameters)
        },
      ),
    )
  })
})
