import { describe, expect, it } from 'vitest'
import type { Throughput } from '../../../../src/analysis/analysis.ts'
import { ceilingsOf, extremes, frameOf } from '../../../../src/report/html/page/chart-parts.ts'

const throughput = (peaks: Throughput['peaks']): Throughput => ({
  device: 'a',
  title: 'A',
  model: 'roofline',
  seconds: 1,
  images_per_second: 1,
  compute_ceiling: 1,
  memory_ceiling: 1,
  ridge: Math.max(peaks.matrix, peaks.vector) / peaks.bandwidth,
  peaks,
})

describe('ceilingsOf', () => {
  const gpu = throughput({ matrix: 100e12, vector: 20e12, bandwidth: 1e12 })
  const frame = frameOf([{ x: 10, y: 1e12 }], gpu)

  it('slopes with the bandwidth up to the ridge, and is flat from there', () => {
    const [memory, matrix, vector] = ceilingsOf(gpu, frame)
    expect(memory?.line.every(({ x, y }) => y === x * 1e12)).toBe(true)
    expect(memory?.line.at(-1)).toEqual({ x: 100, y: 100e12 })
    expect(matrix).toMatchObject({
      unit: 'matrix',
      peak: 100e12,
      line: [{ x: 100, y: 100e12 }, { y: 100e12 }],
    })
    expect(vector).toMatchObject({ unit: 'vector', peak: 20e12, line: [{ x: 20, y: 20e12 }, { y: 20e12 }] })
  })

  it('has one roof where there is one unit', () => {
    for (const [matrix, vector, unit] of [
      [0, 4e12, 'vector'],
      [4e12, 0, 'matrix'],
      [4e12, 4e12, 'matrix'],
    ] as const) {
      const cpu = throughput({ matrix, vector, bandwidth: 1e11 })
      const roofs = ceilingsOf(cpu, frameOf([], cpu))
      expect(roofs.map((roof) => [roof.unit, roof.peak])).toEqual([
        ['memory', 1e11],
        [unit, 4e12],
      ])
    }
  })
})

describe('frameOf', () => {
  it('holds all points and the ridge, and no zero', () => {
    const gpu = throughput({ matrix: 100e12, vector: 20e12, bandwidth: 1e12 })
    const { x, y } = frameOf(
      [
        { x: 0.1, y: 1e6 },
        { x: 5000, y: 2e14 },
      ],
      gpu,
    )
    expect([x.from < 0.1, x.to > 5000, y.from < 1e6, y.to > 2e14]).toEqual([true, true, true, true])
    const empty = frameOf([], gpu)
    expect([empty.x.from > 0, empty.y.from > 0, empty.x.to > 100]).toEqual([true, true, true])
  })
})

it('extremes leave out what a logarithmic axis has no place for', () => {
  expect(extremes([0, -1, NaN, Infinity, 3, 2])).toEqual({ from: 2, to: 3 })
  expect(extremes([])).toEqual({ from: 1, to: 1 })
  expect(extremes(Array<number>(500_000).fill(2))).toEqual({ from: 2, to: 2 })
})
