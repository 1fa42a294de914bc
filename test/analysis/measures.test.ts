import { describe, expect, it } from 'vitest'
import { analyze } from '../../src/analysis/analyze.ts'
import { measureNamed, measures, measuresWith, optionName } from '../../src/analysis/measures.ts'
import { roofline } from '../../src/analysis/time/time-model.ts'
import { builtInDevice } from '../../src/host/built-ins.ts'
import { smallGraph } from '../ir/graph-fixtures.ts'

describe('the table of measures', () => {
  it('gives no two measures one name', () => {
    const names = measures.flatMap(({ key, alias }) => [key, ...(alias === undefined ? [] : [alias])])
    expect(new Set(names).size).toBe(names.length)
    expect(names.map((name) => measureNamed(name)?.key)).not.toContain(undefined)
  })

  it('names measures for options in the order of the reports', () => {
    expect(measuresWith('sort').map(optionName)).toEqual(['macs', 'bytes', 'time', 'energy'])
  })

  it('has a value of each measure that needs no device, and of no other without one', () => {
    const analysis = analyze(smallGraph())
    for (const { key, needs, ofNetwork } of measures)
      expect([key, ofNetwork(analysis) === undefined]).toEqual([key, needs !== undefined])
  })

  it('has a value of every measure where there is a device', () => {
    const device = builtInDevice('a100')
    const analysis = analyze(smallGraph(), { batch: 2, prediction: { device, model: roofline(device) } })
    const values = Object.fromEntries(measures.map(({ key, ofNetwork }) => [key, ofNetwork(analysis)]))
    expect(values).toMatchObject({
      parameters: 394,
      macs: 53840,
      seconds: analysis.throughput!.seconds,
      images_per_second: analysis.throughput!.images_per_second,
      peak_memory: analysis.memory.peak,
      largest_batch: analysis.memory.device!.largest_batch,
    })
  })
})
