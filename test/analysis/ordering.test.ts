import { describe, expect, it } from 'vitest'
import { analyze } from '../../src/analysis/analyze.ts'
import { eager } from '../../src/engines/eager/eager.ts'
import { predictionOf } from '../../src/analysis/throughput.ts'
import { spearman } from '../../src/analysis/statistics.ts'
import { builtInDevice, devicesWithCalibrations } from '../../src/host/built-ins.ts'
import { networkGraph, readJson } from '../networks/support.ts'

type Claims = Readonly<Record<string, { readonly infer_img_s?: number } | undefined>>

const published = readJson('test/reference/published.json') as Readonly<
  Record<string, { readonly published?: Claims }>
>
const device = builtInDevice('v100')

/** Images a second of the networks that TResNet's README measures on a V100 in mixed precision. */
const measured = Object.entries(published).flatMap(([name, { published: claims = {} }]) => {
  const own =
    claims['tresnet_readme_v100_mixed_precision'] ?? claims['tresnet_readme_comparison_v100_mixed_precision']
  return own?.infer_img_s === undefined ? [] : [{ name, speed: own.infer_img_s }]
})

function predicted(name: string, size?: readonly number[]): number {
  const graph = networkGraph(name, size)
  const execution = eager(graph, { layout: 'nchw', abn: 'inplace' })
  const prediction = predictionOf(device, execution, devicesWithCalibrations, 'calibrated')
  if (prediction === undefined) return expect.fail('no calibration')
  expect(prediction.error).toBeUndefined()
  return analyze(graph, { execution, prediction }).throughput!.images_per_second
}

const orderAt = (size?: readonly number[]) =>
  spearman(
    measured.map(({ name }) => predicted(name, size)),
    measured.map(({ speed }) => speed),
  )

describe("the nine networks of TResNet's README, by efficiencies of another device", () => {
  it('are nine', () => {
    expect(measured).toHaveLength(9)
  })

  it('come in the measured order at their own sizes, EfficientNet-B1 at 240 as the README says', () => {
    expect(orderAt()).toBeGreaterThan(0.98)
  })

  it('also where all are at 224, of which the README gives the FLOPs', () => {
    expect(orderAt([3, 224, 224])).toBeGreaterThan(0.95 - 1e-9)
  })
})
