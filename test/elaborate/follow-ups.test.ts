import { describe, expect, it } from 'vitest'
import { checkProgram } from '../../src/elaborate/elaborate.ts'
import { loadProgram } from '../../src/project/load.ts'
import { hostOf } from '../support/host.ts'

const codes = (text: string) =>
  checkProgram(loadProgram('net.arch', hostOf({ 'net.arch': text }))).map(({ code }) => code)

const network = (body: string) => `network net() {\n  input 3 x 32 x 32\n${body}\n}`
const inBlock = (body: string) => `block unit() {\n${body}\n}\n${network('stage body = unit()')}`

describe('a mistake that others depend on is reported alone', () => {
  it.each([
    ['a block returns in a branch', inBlock('if 3 { return x } else { return x -> relu }'), 'E0401'],
    ['a block returns in a loop', inBlock('for k in 3 { return x }'), 'E0401'],
    ['a branch binds a name', network('if 3 { c = 4 } else { c = 8 }\nstem = conv(c, 3)'), 'E0401'],
    ['a loop binds a name', network('for k in 3 { c = k }\nstem = conv(c, 3)'), 'E0401'],
    ['a loop names its turn', network('for k in 3 { c = k }\nstem = conv(k, 3)'), 'E0401'],
    ['a branch has a part', network('if 3 { stem = conv(8, 1) }\nhead = conv(8, 1, groups: 2)'), 'E0401'],
    ['a branch in a branch', network('if 3 { if true { c = 4 } }\nstem = conv(c, 3)'), 'E0401'],
    [
      'an input of a call is mistaken',
      network('bad = x -> conv(8, 3, groups: 3)\ny = concat(bad, x)\nstem = conv(y.channels, 1)\nz = y + x'),
      'E0304',
    ],
    ['an argument is mistaken', network('f = conv(8, 1 / 0)\ny = f + x'), 'E0407'],
  ])('%s', (_, text, code) => {
    expect(codes(text)).toEqual([code])
  })
})
