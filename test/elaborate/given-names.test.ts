import { describe, expect, it, test } from 'vitest'
import { checkProgram } from '../../src/elaborate/elaborate.ts'
import { loadProgram } from '../../src/project/load.ts'
import { hostOf } from '../support/host.ts'

const checked = (files: Record<string, string>) =>
  checkProgram(loadProgram('net.arch', hostOf(files))).map(({ code, span, help }) => ({
    code,
    at: span?.file.text.slice(span.start, span.end),
    help,
  }))

/** A network with a stage, and around it what declares a name. */
const program = (body: string, parameters = '', before = '') => ({
  'net.arch': `${before}
block unit(c: int = 8) { return x -> conv(c, 3) -> batch_norm -> relu }
network net(${parameters}) {
  input 3 x 32 x 32
  ${body}
  stage last = unit(8) x 2
}`,
  'other.arch': ['i', 'n', 'x'].map((name) => `block ${name}() { return x -> relu }`).join('\n'),
})

/** Every way to declare a name where a stage's line sees it. */
const ways: Record<string, (name: string) => Record<string, string>> = {
  parameter: (name) => program('', `${name}: int = 3`),
  'parameter among others': (name) => program('', `a: int = 1, ${name}: float = 3, b: int = 2`),
  value: (name) => program(`${name} = 3`),
  'tensor value': (name) => program(`${name} = x -> conv(8, 3)`),
  'several values': (name) => program(`a, ${name} = x -> conv(8, 3) -> split(2)`),
  'value under if': (name) => program(`if true { ${name} = 3 }`),
  'value under else': (name) => program(`if true { } else { ${name} = 3 }`),
  'value in a loop': (name) => program(`for k in 0..2 { ${name} = k }`),
  'loop variable': (name) => program(`for ${name} in 0..2 { }`),
  'inner loop variable': (name) => program(`for k in 0..2 { for ${name} in 0..2 { } }`),
  stage: (name) => program(`stage ${name} = unit(8)`),
  'variable of a list in the line': (name) => program(`stage s = unit(sum([for ${name} in 1..3: 8]))`),
  'variable of a list in a module': (name) =>
    program(
      `stage s = slotted with unit(sum([for ${name} in 1..3: 1])) at place`,
      '',
      'block slotted() { return x -> slot place }',
    ),
  'variable of a list in a condition': (name) =>
    program(
      `stage s = slotted with relu at place if sum([for ${name} in 1..3: 1]) == 2`,
      '',
      'block slotted() { return x -> slot place }',
    ),
  block: (name) => program('', '', `block ${name}() { return x -> relu }`),
  import: (name) => program('', '', `import { ${name} } from "./other"`),
}

describe.each(['i', 'n', 'x'])('a network that uses `%s`, which a stage binds', (name) => {
  test.each(Object.entries(ways))('as %s is refused at the declaration, once', (_, way) => {
    const found = checked(way(name))
    expect(found.map(({ code, at }) => [code, at])).toEqual([['E0225', name]])
    expect(found[0]?.help).toMatch(/name|rename/)
  })

  test.each(Object.entries(ways))('as %s is fine under the name that help proposes', (_, way) => {
    const free = /such as `(\w+)`/.exec(checked(way(name))[0]?.help ?? '')?.[1] ?? 'free'
    const renamed = Object.entries(way(free)).map(([path, text]) => [
      path,
      path === 'other.arch' ? `${text}\nblock ${free}() { return x -> relu }` : text,
    ])
    const codes = checked(Object.fromEntries(renamed) as Record<string, string>).map(({ code }) => code)
    expect(codes.filter((code) => code !== 'E0525')).toEqual([])
  })
})

describe('the names that a stage binds', () => {
  it('are free where no line of a stage hides them', () => {
    const text = `
block unit(n: int, i: int = 0) {
  for i in 0..n { x = x -> conv(8, 3) -> relu }
  return x
}
network n(a: int = 1) {
  input 3 x 32 x 32
  widths = [for i in 0..4: [for n in 0..2: [for x in 0..2: 8]]]
  stage s = unit(n: 2, i: i) x 2
}
network i = n(2)
network x = i(3)`
    expect(checked({ 'net.arch': text })).toEqual([])
  })

  it('are free for blocks of a file without stages', () => {
    const text = 'block n() { return x -> relu }\nnetwork a() { input 3 x 8 x 8\n stem = n }'
    expect(checked({ 'net.arch': text })).toEqual([])
  })

  it('are no parameters of a block where they are its input', () => {
    const found = checked(program('', '', 'block odd(x: tensor) { return x -> relu }'))
    expect(found.map(({ code, at }) => [code, at])).toEqual([['E0225', 'x']])
  })

  it('are refused once, however often a network declares them', () => {
    const found = checked(program('n = 1\n n = 2\n for n in 0..2 { n = 3 }'))
    expect(found.map(({ code }) => code)).toEqual(['E0225'])
  })
})
