import { describe, expect, test } from 'vitest'
import type { Analysis } from '../../../src/analysis/analysis.ts'
import type { Measured } from '../../../src/analysis/calibration/measured.ts'
import { compare } from '../../../src/analysis/compare.ts'
import { createSourceFile } from '../../../src/source/source-file.ts'
import { sampleAnalysis } from '../../support/analysis-sample.ts'

const sample = sampleAnalysis()
const span = { file: createSourceFile('measured.csv', ''), start: 0, end: 0 }

/** Seconds are of one image. */
const network = (name: string, macs: number, bytes: number, seconds: number) => {
  const { batch } = sample.run
  const throughput = { ...sample.throughput!, seconds: seconds * batch, images_per_second: 1 / seconds }
  const time = { ...sample.time!, seconds: seconds * batch }
  const analysis: Analysis = { ...sample, network: name, macs, bytes, throughput, time }
  return { name, analysis }
}

const row = (name: string, imagesPerSecond: number, more: Partial<Measured> = {}): Measured => ({
  network: name,
  layout: 'nhwc',
  pytorch: '2.4',
  imageSize: 224,
  batch: 256,
  imagesPerSecond,
  span,
  ...more,
})

const three = [
  network('many macs', 3e9, 1e8, 0.001),
  network('many bytes', 1e9, 3e8, 0.003),
  network('between', 2e9, 2e8, 0.002),
]

test('the fastest comes first, with its place by every amount', () => {
  const { networks } = compare(three)
  expect(networks.map(({ name, ranks }) => [name, ranks])).toEqual([
    ['many macs', { parameters: 1, macs: 3, bytes: 1, seconds: 1 }],
    ['between', { parameters: 1, macs: 2, bytes: 2, seconds: 2 }],
    ['many bytes', { parameters: 1, macs: 1, bytes: 3, seconds: 3 }],
  ])
})

test('without a device the bytes decide the order, and no time is told', () => {
  const bare = three.map(({ name, analysis: { macs, bytes } }) => ({
    name,
    analysis: { ...sampleAnalysis({ device: false }), macs, bytes },
  }))
  const { networks, device } = compare(bare)
  expect(device).toBeUndefined()
  expect(networks.map(({ name }) => name)).toEqual(['many macs', 'between', 'many bytes'])
  expect(networks[0]!.amounts).not.toHaveProperty('seconds')
})

describe('beside measurements', () => {
  const measured = [row('many macs', 1000), row('between', 400), row('many bytes', 300)]

  test('a prediction of 0.002 s where 1 / 400 s was measured is 20 % too short', () => {
    const { networks } = compare(three, measured)
    expect(networks[1]!.measured).toEqual({
      images_per_second: 400,
      batch: 256,
      error: expect.closeTo(-0.2) as number,
    })
    expect(networks.map(({ ranks }) => ranks.measured)).toEqual([1, 2, 3])
  })

  test('the order by MACs is the opposite, that by bytes and by predicted time the same', () => {
    const { accuracy } = compare(three, measured)
    const of = (name: string) => accuracy!.predictors.find(({ predictor }) => predictor === name)!
    expect(accuracy!.networks).toBe(3)
    expect([of('macs').spearman, of('macs').kendall]).toEqual([expect.closeTo(-1), expect.closeTo(-1)])
    expect(of('bytes').kendall).toBe(1)
    expect(of('seconds').kendall).toBe(1)
    // Errors 0, 20 % and 10 %.
    expect(of('seconds').median).toBeCloseTo(0.1)
    // One value has no order.
    expect(of('parameters').spearman).toBeNaN()
  })

  test('what is 0 cannot be scaled to a time: only the rest is compared', () => {
    const views = [network('views', 0, 1e6, 1e-5), ...three]
    const { accuracy } = compare(views, [...measured, row('views', 1e5)])
    expect(accuracy!.predictors.map(({ predictor }) => predictor)).toEqual(['parameters', 'bytes', 'seconds'])
    for (const { median, p90 } of accuracy!.predictors)
      expect([median, p90].every(Number.isFinite)).toBe(true)
  })

  test('an amount is scaled so that half of the networks come out longer: 1 / 100e9 seconds a byte', () => {
    const { accuracy } = compare(three, measured)
    const bytes = accuracy!.predictors.find(({ predictor }) => predictor === 'bytes')!
    // Ratios 1e-11, 1.25e-11 and 1.11e-11 seconds a byte, whose median is the last: errors 11 %, 11 % and 0.
    expect(bytes.scale).toBeCloseTo(1 / 300 / 3e8, 15)
    expect(bytes.median).toBeCloseTo(1 / 9)
  })

  test('other layouts and sizes are not looked at, and one network has no order', () => {
    const others = [row('between', 1, { layout: 'nchw' }), row('between', 2, { imageSize: 288 })]
    expect(compare(three, others).networks[1]).not.toHaveProperty('measured')
    expect(compare(three, [...others, row('between', 3)]).accuracy).toBeUndefined()
  })

  test('the nearest batch is taken, and of one batch the newest PyTorch', () => {
    const rows = [
      row('between', 1, { batch: 1024 }),
      row('between', 2, { batch: 128, pytorch: '2.9' }),
      row('between', 3, { batch: 128, pytorch: '2.10' }),
    ]
    expect(compare(three, rows).networks[1]!.measured).toMatchObject({ images_per_second: 3, batch: 128 })
  })
})
