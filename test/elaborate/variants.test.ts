import { describe, expect, it } from 'vitest'
import { checkProgram, elaborate } from '../../src/elaborate/elaborate.ts'
import { loadProgram } from '../../src/project/load.ts'
import { hostOf } from '../support/host.ts'

const base =
  'network base(a: int = 4, b: int = 8) {\n input 3 x 32 x 32\n stem = conv(a, 3) -> conv(b, 3)\n}\n'
const load = (variants: string) => loadProgram('net.arch', hostOf({ 'net.arch': base + variants }))
const codes = (variants: string) => checkProgram(load(variants)).map(({ code }) => code)

describe('arguments of a variant', () => {
  it.each([
    ['network v = base(b: 5, 6)', 'E0418'],
    ['network v = base(1, 2, 3)', 'E0404'],
    ['network v = base(1, a: 3)', 'E0405'],
    ['network v = base(c: 3)', 'E0402'],
  ])('%s', (variant, code) => {
    expect(codes(variant)).toEqual([code])
  })

  it('count by position and by name, the outermost last', () => {
    const { graph } = elaborate(load('network v = base(1, b: 2)\nnetwork w = v(b: 3)'), { network: 'w' })
    expect(graph?.nodes.map(({ attributes }) => attributes.channels)).toEqual([1, 3])
  })
})
