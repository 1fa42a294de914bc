import { describe, expect, it } from 'vitest'
import { momentsOf, partStarts, peakPoint } from '../../../../src/report/html/page/memory.ts'
import { sampleAnalysis } from '../../../support/analysis-sample.ts'

describe('the course of memory', () => {
  const { memory, ...rest } = sampleAnalysis({ mode: 'training' })
  const moments = momentsOf({ memory, ...rest })

  it('names the layer of each moment, forward and back', () => {
    expect(moments[0]).toMatchObject({ path: 'stem.conv', op: 'conv', part: 'stem', pass: 'forward' })
    expect(moments.at(-1)).toMatchObject({ path: 'stem.conv', pass: 'backward' })
  })

  it('begins a part where the name or the pass changes', () => {
    const starts = [...partStarts(moments)]
    const names = ['stem', 'stage1', 'stage2', 'stage3', 'stage4', 'head']
    expect(starts.map(([, name]) => name)).toEqual([...names, ...names.reverse()])
    expect(starts[0]?.[0]).toBe(0)
    expect(starts[6]?.[0]).toBe(moments.length / 2)
  })

  it('marks the highest moment, or the start where the peak is before the first layer', () => {
    expect(peakPoint(memory)?.y).toBe(memory.peak)
    expect(peakPoint({ ...memory, peak: 9, peak_layer: -1 })).toEqual({ x: 0, y: 9 })
    expect(peakPoint({ ...memory, timeline: [] })).toBeUndefined()
  })

  it('stands a layer that does not exist', () => {
    const timeline = [{ layer: 99_999, pass: 'forward', bytes: 1 }] as const
    expect(momentsOf({ memory: { ...memory, timeline }, ...rest })).toMatchObject([{ path: '', part: null }])
  })
})
