import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { calibrate, reduced } from '../../../src/analysis/calibration/calibrate.ts'
import { measuredExecution, readMeasured } from '../../../src/analysis/calibration/measured.ts'
import { eager } from '../../../src/engines/eager/eager.ts'
import { calibrationFor } from '../../../src/analysis/time/calibrations.ts'
import { measuredNetworks } from '../../../src/cli/measured-networks.ts'
import { builtInDevice } from '../../../src/host/built-ins.ts'

const table = new URL('../../reference/measured-rtx3090.csv', import.meta.url)
const device = builtInDevice('rtx3090')
const rows = readMeasured(readFileSync(table, 'utf8'), 'measured-rtx3090.csv')
const networks = measuredNetworks(rows)

function fitted(layout: 'nhwc' | 'nchw') {
  const measured = rows.flatMap((row, index) => {
    const network = networks[index]
    if (row.layout !== layout || network === undefined) return []
    const execution = eager(network.graph, measuredExecution(row, 'mixed'))
    return [{ row, family: network.family, execution }]
  })
  const key = { engine: 'eager', layout, precision: 'mixed' } as const
  return {
    key,
    ...calibrate(
      measured.map((each) => reduced(each, device)),
      key,
      { place: '', source: '' },
    ),
  }
}

describe.each(['nhwc', 'nchw'] as const)('the calibration of rtx3090, %s', (layout) => {
  const { key, calibration, families, heldOut, fitted: onItself, roofline, rows: predicted } = fitted(layout)

  it('is what `archc calibrate` makes of the table', () => {
    const kept = calibrationFor(device, key)
    expect(kept).toMatchObject({ rows: 91, networks: calibration.networks })
    for (const [name, value] of Object.entries(calibration.parameters))
      expect((kept?.parameters[name] ?? NaN) / value, name).toBeCloseTo(1, 1.7)
    for (const figure of ['median', 'p90', 'spearman', 'kendall'] as const) {
      expect(kept?.error[figure], figure).toBeCloseTo(calibration.error[figure], 2.3)
      expect(kept?.roofline_error?.[figure], figure).toBeCloseTo(roofline[figure], 2.3)
    }
  })

  it('ranks networks of families never seen: Kendall 0.94 at least, median error 6% at most', () => {
    expect(families).toHaveLength(10)
    expect(heldOut.kendall).toBeGreaterThanOrEqual(0.94)
    expect(heldOut.median).toBeLessThanOrEqual(0.06)
  })

  it('starts from a roofline that has nothing fitted and is good already', () => {
    expect(roofline.spearman).toBeGreaterThanOrEqual(0.985)
    expect(roofline.median).toBeLessThanOrEqual(layout === 'nhwc' ? 0.1 : 0.16)
  })

  it('does better than the roofline, and best on what it was fitted to', () => {
    expect(heldOut.median).toBeLessThan(roofline.median)
    expect(heldOut.kendall).toBeGreaterThan(roofline.kendall)
    expect(onItself.median).toBeLessThan(heldOut.median)
    expect(predicted).toHaveLength(91)
  })

  it('has parameters that a GPU may have', () => {
    const { parameters } = calibration
    for (const [name, value] of Object.entries(parameters))
      // Peaks are reckoned from the boost clock, which cards exceed a little.
      if (name.endsWith('efficiency')) expect(value, name).toBeLessThan(1.15)
    expect(parameters['memory_efficiency']).toBeLessThan(1)
    expect(parameters['unhidden']).toBeLessThan(1)
  })
})
