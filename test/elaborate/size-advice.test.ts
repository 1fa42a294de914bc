import { describe, expect, it } from 'vitest'
import { checkProgram } from '../../src/elaborate/elaborate.ts'
import { loadProgram } from '../../src/project/load.ts'
import { hostOf } from '../support/host.ts'

const unet = `
block up(c: int, skip: tensor) { return concat(skip, x -> upsample(2)) -> conv(c, 3) }
network unet() {
  input 3 x 320 x 480
  s0 = x -> conv(8, 3)
  s1 = s0 -> max_pool(2) -> conv(16, 3)
  s2 = s1 -> max_pool(2) -> conv(32, 3)
  s3 = s2 -> max_pool(2) -> conv(64, 3)
  head = s3 -> up(32, s2) -> up(16, s1) -> up(8, s0)
}
`

function check(text: string, inputSize?: readonly number[]) {
  const program = loadProgram('main.arch', hostOf({ 'main.arch': text }))
  return checkProgram(program, inputSize === undefined ? {} : { inputSize })
}

const helpOf = (text: string, inputSize?: readonly number[]): string => {
  const found = check(text, inputSize)
  expect(found).toHaveLength(1)
  return found[0]?.help ?? ''
}

/** \`344 x 520 or 352 x 528 would do\` */
const sizesIn = (help: string): number[][] =>
  [...(/: ([\dx or]+) would do/.exec(help)?.[1] ?? '').matchAll(/(\d+) x (\d+)/g)].map((match) =>
    match.slice(1).map(Number),
  )

describe('maps that a stride over an odd size made differ', () => {
  it.each([
    [350, 525],
    [321, 480],
    [320, 483],
    [100, 100],
    [12, 500],
    [9, 9],
  ])('an input of %i x %i: the sizes that help names are accepted', (height, width) => {
    const help = helpOf(unet, [height, width])
    expect(help).toContain('must be multiples of 8')
    expect(help).not.toContain('the same strides')
    const sizes = sizesIn(help)
    expect(sizes.length).toBeGreaterThan(0)
    for (const size of sizes) expect(check(unet, size)).toEqual([])
  })

  it('says where a size was rounded, and that nothing brings it back', () => {
    const help = helpOf(unet, [320, 484])
    expect(help).toContain(
      '`max_pool` (line 8) makes 60 of a width of 121, which is no multiple of its stride 2',
    )
    expect(help).toContain('no operator resizes to a given size')
  })

  it('names a padding that is accepted', () => {
    const gate = (behind: string): string =>
      `network n() {\n input 8 x 7 x 9\n gate = x -> avg_pool(2) -> sigmoid -> upsample(2)${behind}\n return x * gate\n}`
    const [, padding = ''] = /`(pad\(.*?\))`/.exec(helpOf(gate(''))) ?? []
    expect(padding).toBe('pad([0, 1, 1, 0])')
    expect(check(gate(` -> ${padding}`))).toEqual([])
  })

  it.each(['avg_pool(2)', 'max_pool(3, 2)', 'conv(8, 1, stride: 2, padding: "valid")'])(
    'two branches that round in other ways: %s',
    (other) => {
      const sum = (size: number): string =>
        `network n() {\n input 8 x ${size} x ${size}\n return (x -> conv(8, 3, stride: 2)) + (x -> ${other})\n}`
      for (const size of [15, 57])
        for (const one of check(sum(size)))
          for (const [working = 0] of sizesIn(one.help ?? '')) expect(check(sum(working))).toEqual([])
    },
  )
})

describe('maps of other sizes', () => {
  const sum = (a: string, b: string): string =>
    `network n() {\n input 8 x 56 x 56\n return (x -> ${a}) + (x -> ${b})\n}`
  const strided = 'conv(8, 3, stride: 2)'

  it.each([
    [sum('relu', strided), 'upsample(2)'],
    [sum(strided, `${strided} -> ${strided} -> ${strided}`), 'upsample(4)'],
    [`network n() {\n input 8 x 56 x 48\n return concat(x, x -> global_avg_pool)\n}`, 'upsample([56, 48])'],
  ])('are enlarged by what help says', (text, repair) => {
    expect(helpOf(text)).toContain(`\`${repair}\``)
    const end = text.lastIndexOf(')')
    expect(check(`${text.slice(0, end)} -> ${repair}${text.slice(end)}`)).toEqual([])
  })

  it('are given the same padding where strides are the same', () => {
    expect(helpOf(sum('relu', 'conv(8, 3, padding: "valid")'))).toContain('the same strides and paddings')
  })

  it('of operators beyond counting are not looked into', () => {
    const many = 'for k in 0..6000 { a = a -> relu }'
    const text = `network n() {\n input 8 x 7 x 7\n a = x\n ${many}\n return x * (a -> avg_pool(2) -> upsample(2))\n}`
    expect(helpOf(text)).toContain('give both branches')
  })
})
