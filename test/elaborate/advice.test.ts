import { describe, expect, it } from 'vitest'
import { checkProgram } from '../../src/elaborate/elaborate.ts'
import { loadProgram } from '../../src/project/load.ts'
import { hostOf } from '../support/host.ts'

const check = (text: string) => checkProgram(loadProgram('main.arch', hostOf({ 'main.arch': text })))

/** The code and help of the one mistake in a network's body, or in a whole file. */
function adviceOn(text: string): string {
  const file = text.includes('network')
    ? text
    : `network n() {\n  input 8 x 14 x 14\n  ${text}\n  stem = relu\n}`
  const found = check(file)
  expect(found.map(({ message }) => message)).toHaveLength(1)
  return `${found[0]?.code ?? ''}: ${found[0]?.help ?? 'no help'}`
}

describe('help that leads to the network that was meant', () => {
  it.each([
    ['y = x - x', 'E0410: tensors have `+` and `*`'],
    ['y = -x', 'E0401: tensors have `+` and `*`'],
    ['y = 2 * relu', 'E0410: an operator or a block gives a tensor once something flows in'],
    ['y = [1] + 2', 'E0410: a list grows by a list: `list + [item]`'],
    [
      'y = x -> linear(10)',
      'E0302: `global_avg_pool -> linear(...)` takes the mean of each channel, `flatten -> linear(...)`',
    ],
    [
      'y = x + (x -> conv(4, 1))',
      'E0312: give both the same channels: `conv(4, 1)` on the branch of 8 x 14 x 14',
    ],
    ['a = 3\n  b = conv\n  (a, 3)\n  y = x -> conv(8, 4)', 'E0305: say how to pad'],
    ['a = 3\n  -a', 'E0201: this is the statement that gives `a` its value'],
    [
      'y = conv(8, 3)\n  (x -> relu)\n  z = x -> y',
      'E0401: the `(` at the beginning of this line goes on with the line above',
    ],
    ['l = [1, 2]\n  [3]', 'E0408: the `[` at the beginning of this line goes on with the line above'],
    ['stage s = relu -> relu stride 2', 'E0502: give the stride to an operator of the pipeline'],
    ['stem = q -> relu', 'E0201: no help'],
  ])('%s', (text, advice) => expect(adviceOn(text)).toContain(advice))

  const fpn = (call: string, parameters = 'c3: tensor, c4: tensor') =>
    `block fpn(${parameters}) { return concat(x, c4) }\nnetwork n() {\n  input 8 x 14 x 14\n  a = x -> relu\n  return ${call}\n}`

  it.each(['fpn(a, x)', 'a -> fpn(x)'])('the first tensor is `x`: %s', (call) => {
    expect(adviceOn(fpn(call))).toContain('E0403: `a` flows into `fpn` as `x` and is no argument')
    expect(check(fpn(call, 'c4: tensor'))).toEqual([])
  })

  it('a block without `return` gives what it bound last', () => {
    const block = (end: string) =>
      `block b() {\n  y = x -> conv(4, 3)\n${end}}\nnetwork n() {\n  input 8 x 14 x 14\n  stem = b\n}`
    expect(adviceOn(block(''))).toBe('E0504: end it with `return y`')
    expect(check(block('return y\n'))).toEqual([])
  })

  it('a block is a network once it is written as one', () => {
    expect(adviceOn('network w = relu()')).toMatch(/^E0540: .*`network NAME\(\) \{ input/)
  })
})
