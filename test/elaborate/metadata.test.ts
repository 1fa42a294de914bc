import { describe, expect, it } from 'vitest'
import { elaborate } from '../../src/elaborate/elaborate.ts'
import { loadProgram } from '../../src/project/load.ts'
import { hostOf } from '../support/host.ts'

function build(metadata: string, inputSize?: readonly number[]) {
  const text = `network net() {\n metadata(${metadata})\n input 3 x 32 x 32\n stem = relu\n}`
  const program = loadProgram('net.arch', hostOf({ 'net.arch': text }))
  return elaborate(program, inputSize === undefined ? {} : { inputSize })
}

describe('statistics of the input', () => {
  it.each(['mean: [0.5]', 'std: [1, 1]', 'mean: []'])('%s are refused for three channels', (metadata) => {
    expect(build(metadata).diagnostics.map(({ code }) => code)).toEqual(['E0419'])
  })

  it('do not count for an input of other channels', () => {
    const { mean, std } = build('mean: [0.5, 0.5, 0.5], std: [2, 2, 2]', [2, 32, 32]).graph?.metadata ?? {}
    expect([mean, std]).toEqual([
      [0, 0],
      [1, 1],
    ])
  })
})

describe('the size to resize to', () => {
  const resize = (metadata: string, ...inputSize: number[]) =>
    build(metadata, [3, ...inputSize]).graph?.metadata.resize

  it("is each side divided by crop_pct and rounded down, as timm's floor(size / crop_pct) is", () => {
    const squares = [160, 256, 300, 320, 384].map((side) => resize('', side, side))
    expect(squares).toEqual([182, 292, 342, 365, 438])
    expect(resize('crop_pct: 0.9', 224, 224)).toBe(248)
    expect(resize('crop_pct: 0.9', 256, 256)).toBe(284)
    expect(resize('crop_pct: 1', 97, 97)).toBe(97)
    expect(resize('', 160, 320)).toEqual([182, 365])
  })

  it('is in proportion where it is stated in pixels, for the declared input', () => {
    expect(resize('resize: 40', 32, 32)).toBe(40)
    expect(resize('resize: 40', 64, 64)).toBe(80)
    expect(resize('resize: 37', 33, 65)).toEqual([38, 75])
  })

  it('stays within what a model may say', () => {
    expect(resize('resize: 65536', 64, 64)).toBe(65536)
    expect(resize('crop_pct: 1e-9', 64, 64)).toBe(65536)
    expect(resize('resize: 1', 16, 16)).toBe(1)
  })

  it.each(['crop_pct: 0', 'crop_pct: -1', 'crop_pct: 1.01', 'crop_pct: "all"', 'crop_pct: [1]'])(
    '%s is refused',
    (metadata) => {
      expect(build(metadata).diagnostics.map(({ code }) => code)).toEqual(['E0419'])
    },
  )

  it.each(['crop_pct: 0.9, resize: 40', 'resize: 40, crop_pct: 0.9'])('%s says it twice', (metadata) => {
    expect(build(metadata).diagnostics.map(({ code }) => code)).toEqual(['E0751'])
  })
})
