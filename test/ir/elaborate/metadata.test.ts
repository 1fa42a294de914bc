import { describe, expect, it } from 'vitest'
import { elaborate } from '../../../src/ir/elaborate/elaborate.ts'
import { loadProgram } from '../../../src/project/load.ts'
import { hostOf } from '../../support/host.ts'

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

describe('the side to resize to', () => {
  it('follows the input, and stays within what a model may say', () => {
    expect(build('resize: 40', [3, 64, 64]).graph?.metadata.resize).toBe(80)
    expect(build('resize: 65536', [3, 64, 64]).graph?.metadata.resize).toBe(65536)
  })
})
