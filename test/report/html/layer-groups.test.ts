import { describe, expect, it } from 'vitest'
import { layerGroups, shareOf } from '../../../src/report/html/analysis-page.ts'
import { sampleAnalysis } from '../../support/analysis-sample.ts'

describe('layerGroups', () => {
  const analysis = sampleAnalysis()
  const { withMacs, withoutMacs, untimed } = layerGroups(analysis)

  it('places every layer once', () => {
    expect(withMacs.length + withoutMacs.length + untimed).toBe(analysis.layers.length)
    expect(withMacs.every(({ layer }) => layer.macs > 0)).toBe(true)
    expect(withoutMacs.every(({ layer }) => layer.macs === 0)).toBe(true)
    expect(shareOf([...withMacs, ...withoutMacs])).toBeCloseTo(1, 12)
  })

  it('gives the FLOP/s that a layer reaches: 2 x MACs x batch / seconds', () => {
    for (const { layer, flopsPerSecond, seconds } of withMacs)
      expect(flopsPerSecond / ((2 * layer.macs * analysis.run.batch) / seconds)).toBeCloseTo(1, 12)
  })

  it('places none where there are no times', () => {
    const groups = layerGroups(sampleAnalysis({ device: false }))
    expect(groups).toEqual({ withMacs: [], withoutMacs: [], untimed: analysis.layers.length })
  })
})
