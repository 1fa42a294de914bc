import { describe, expect, it } from 'vitest'
import { checkProgram } from '../../src/elaborate/elaborate.ts'
import { load, network } from './build.ts'

describe('messages', () => {
  it('tell the chain of blocks and stages that led to a mistake, once for all repetitions', () => {
    const text =
      'block inner(channels: int) { return (x -> conv(channels, 3)) + x }\nblock outer(channels: int) { return x -> inner(channels) }\n' +
      network('stage body = outer(8) x 3')
    const [first, ...others] = checkProgram(load(text))
    expect(others).toEqual([])
    expect(first?.notes).toEqual([
      'in block `inner` (called at net.arch:2:42), block `outer`, repetition 0 of stage `body` (line 5), network `net`',
    ])
    expect(first?.labels.map(({ text: shape }) => shape)).toEqual(['8 x 32 x 32', '3 x 32 x 32'])
  })

  it('tell the turn of a loop', () => {
    const [first] = checkProgram(
      load(network('for k in [1, 2] { for j in 1..3 { y = x -> conv(3, k * j) } }\nstem = relu')),
    )
    expect([first?.code, first?.notes]).toEqual(['E0305', ['in turn k = 1, j = 2', 'in network `net`']])
  })

  it('say nothing of a returned list in which something failed', () => {
    const text =
      'block two() { return [x -> relu, x -> conv(8, 2)] }\n' +
      network('a, b = x -> two\nstem = concat(a, b)')
    expect(checkProgram(load(text)).map(({ code }) => code)).toEqual(['E0305'])
  })

  it('advise to take one tensor where a list flows', () => {
    const [first] = checkProgram(load(network('y = x -> split(3)\nstem = y -> conv(8, 3)')))
    expect([first?.code, first?.help]).toEqual([
      'E0306',
      'what flows is a list of 3 tensors: take one of them, such as `x[0]`',
    ])
  })

  it('keep a mistake in one declaration from hiding those in another', () => {
    const codes = checkProgram(
      load(
        'block broken() { return x -> nothing }\nblock fine() { return x -> conv(3, 2) }\n' +
          network('stem = fine() -> relu'),
      ),
    )
    expect(codes.map(({ code }) => code)).toEqual(['E0201', 'E0305'])
  })
})
