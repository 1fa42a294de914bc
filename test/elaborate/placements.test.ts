import { describe, expect, it } from 'vitest'
import { elaborate } from '../../src/elaborate/elaborate.ts'
import { parsePlacement, parseRemoval } from '../../src/parser/parse.ts'
import { loadProgram } from '../../src/project/load.ts'
import { createSourceFile } from '../../src/source/source-file.ts'
import { hostOf } from '../support/host.ts'

const spec = `
import { se } from "std/attention"
block unit(channels: int) {
  main = x -> conv(channels, 3) -> batch_norm -> relu -> slot spatial -> conv(channels, 1) -> slot residual
  return main
}
block plain() { return x -> relu }
network net() {
  input 3 x 32 x 32
  stage one   = unit(16) x 2 with se(reduction: 4) at residual
  stage two   = unit(32) x 2 with se(reduction: 8) at spatial if i == 1
  stage three = plain()
}
`

function place(changes: { with?: readonly string[]; without?: readonly string[] }) {
  const program = loadProgram('net.arch', hostOf({ 'net.arch': spec }), ['std/attention.arch'])
  const placed = (changes.with ?? []).map((text) => parsePlacement(createSourceFile('--with', text)))
  const removed = (changes.without ?? []).map((text) => parseRemoval(createSourceFile('--without', text)))
  expect([...placed, ...removed].flatMap(({ diagnostics }) => diagnostics)).toEqual([])
  const placements = {
    with: placed.flatMap(({ change }) => change ?? []),
    without: removed.flatMap(({ change }) => change ?? []),
  }
  return elaborate(program, { placements })
}

/** `one.0.residual 4`: where each SE sits and how many channels it squeezes to. */
const attention = (changes: Parameters<typeof place>[0]) =>
  place(changes).graph?.nodes.flatMap(({ path, attributes }) =>
    path.endsWith('.reduce') ? [`${path.replace('.reduce', '')} ${String(attributes.channels)}`] : [],
  )

const own = ['one.0.residual 4', 'one.1.residual 4', 'two.1.spatial 4']

describe('placements over what the spec says', () => {
  it('leave the network as it is when there are none', () => {
    expect(attention({})).toEqual(own)
  })

  it('take a module out everywhere, or of one stage', () => {
    expect(attention({ without: ['se'] })).toEqual([])
    expect(attention({ without: ['one: se'] })).toEqual(['two.1.spatial 4'])
  })

  it('change the reduction at the same slot', () => {
    expect(attention({ with: ['one: se(reduction: 8) at residual'] })).toEqual([
      'one.0.residual 2',
      'one.1.residual 2',
      'two.1.spatial 4',
    ])
  })

  it('move a module to another slot, in all repetitions or in some', () => {
    expect(attention({ with: ['one: se(reduction: 4) at spatial'] })).toEqual([
      'one.0.spatial 4',
      'one.1.spatial 4',
      'two.1.spatial 4',
    ])
    expect(attention({ with: ['one: se(reduction: 4) at spatial if i == 0'] })).toEqual([
      'one.0.spatial 4',
      'two.1.spatial 4',
    ])
  })

  it('reach several stages, or all that have the slot', () => {
    const everywhere = ['one.0.residual 4', 'one.1.residual 4', 'two.0.residual 8', 'two.1.residual 8']
    expect(attention({ with: ['one, two: se(reduction: 4) at residual'] })).toEqual(everywhere)
    expect(attention({ with: ['se(reduction: 4) at residual'] })).toEqual(everywhere)
  })

  it('know modules of the library that the file does not import', () => {
    const { graph, diagnostics } = place({ with: ['one: eca at residual'] })
    expect(diagnostics).toEqual([])
    expect(graph?.nodes.some(({ provenance }) => provenance.blocks.some(({ name }) => name === 'eca'))).toBe(
      true,
    )
  })

  it.each([
    [{ with: ['onne: se at residual'] }, 'E0518'],
    [{ with: ['one: se at residul'] }, 'E0501'],
    [{ with: ['three: se at residual'] }, 'E0501'],
    [{ with: ['se at nowhere'] }, 'E0501'],
    [{ without: ['eca'] }, 'E0519'],
    [{ without: ['three: se'] }, 'E0519'],
    [{ with: ['one: sse at residual'] }, 'E0201'],
  ])('%o is refused with %s', (changes, code) => {
    expect(place(changes).diagnostics.map((diagnostic) => diagnostic.code)).toEqual([code])
  })
})
