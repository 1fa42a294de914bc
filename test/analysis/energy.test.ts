import { describe, expect, it } from 'vitest'
import type { Analysis } from '../../src/analysis/analysis.ts'
import { analyze } from '../../src/analysis/analyze.ts'
import { exceeded } from '../../src/analysis/budgets.ts'
import { compare } from '../../src/analysis/compare.ts'
import type { Device } from '../../src/analysis/devices/device.ts'
import { readDevice } from '../../src/analysis/devices/read-device.ts'
import { diff } from '../../src/analysis/diff/diff.ts'
import { roofline } from '../../src/analysis/time/time-model.ts'
import { eager } from '../../src/engines/eager/eager.ts'
import { defaultExecution } from '../../src/engines/kernel.ts'
import { builtInDevice } from '../../src/host/built-ins.ts'
import { compareCsv, compareText } from '../../src/report/compare.ts'
import { analysisCsv } from '../../src/report/csv.ts'
import { diffText } from '../../src/report/diff.ts'
import { analysisText } from '../../src/report/text.ts'
import { smallGraph } from '../ir/graph-fixtures.ts'

const figure = (value: number) => ({ value, source: 'made_up' })
const v100 = builtInDevice('v100')
const bare: Device = {
  ...v100,
  sources: { ...v100.sources, made_up: { title: 'x', url: 'https://x.org' } },
}
const device: Device = {
  ...bare,
  energy: {
    byte: figure(20),
    operation: { fp32: figure(3), fp16: figure(1), int8: figure(0.5) },
  },
}

const analysisOn = (on: Device, precision: 'fp32' | 'fp16' = 'fp16', batch = 4): Analysis =>
  analyze(smallGraph(), {
    batch,
    execution: eager(smallGraph(), { ...defaultExecution, precision }),
    prediction: { device: on, model: roofline(on) },
  })

describe('energy', () => {
  it.each([
    ['fp16', 1],
    ['fp32', 3],
  ] as const)('is bytes and FLOPs times picojoules, in %s', (precision, picojoules) => {
    const { bytes, intensity, energy_estimate: joules } = analysisOn(device, precision)
    expect(joules! / (1e-12 * (20 * bytes + picojoules * intensity * bytes))).toBeCloseTo(1, 12)
  })

  it('of a network is the sum over its parts, and over its layers', () => {
    const { energy_estimate: whole, stages, layers } = analysisOn(device)
    for (const rows of [stages, layers])
      expect(rows.reduce((sum, row) => sum + row.energy_estimate!, 0) / whole!).toBeCloseTo(1, 12)
  })

  it('is not guessed where the device has no figures', () => {
    const analysis = analysisOn(bare)
    expect(JSON.stringify(analysis)).not.toContain('energy')
    expect(analysisText(analysis, { layers: true })).not.toContain('energy')
    expect(analysisCsv(analysis)).not.toContain('energy')
  })

  it('is called an estimate wherever it is shown', () => {
    const analysis = analysisOn(device)
    const text = analysisText(analysis, { layers: true, width: 200 })
    expect(text).toMatch(/energy +[\d.]+ uJ +an image; an estimate/)
    expect(text.match(/energy \(est\.\)/g)).toHaveLength(2)
    expect(analysisCsv(analysis).split('\n')[0]).toContain(',energy_estimate,')
    const networks = [{ name: 'small', analysis }]
    expect(compareText(compare(networks))).toContain('energy (est.)')
    expect(compareCsv(compare(networks)).split('\n')[0]).toContain('energy_estimate')
    expect(diffText(diff(analysis, analysis))).toContain('energy (est.)')
  })

  it('has a budget', () => {
    const analysis = analysisOn(device)
    const [fault] = exceeded(analysis, { energy_estimate: analysis.energy_estimate! / 2 })
    expect(fault?.message).toMatch(/takes [\d.]+ mJ an image \(estimate\), and the budget is/)
  })
})

describe('a device file', () => {
  it('has picojoules of every type that it has rates of', async () => {
    const operation = { fp32: figure(3), fp16: figure(1) }
    const text = JSON.stringify({ ...device, energy: { ...device.energy, operation } })
    await expect(readDevice(text, 'mine.json')).rejects.toThrow(/energy\.operation\.int8/)
    await expect(readDevice(JSON.stringify(device), 'mine.json')).resolves.toMatchObject({ name: 'v100' })
  })
})
