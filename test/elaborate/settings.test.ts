import { describe, expect, it } from 'vitest'
import { elaborate, networkNames } from '../../src/elaborate/elaborate.ts'
import { parseExpression } from '../../src/parser/parse.ts'
import { createSourceFile } from '../../src/source/source-file.ts'
import { load, build, network, shapeOf } from './build.ts'

describe('variants and settings', () => {
  const text =
    network('stem = conv(width, 3)') +
    '\nnetwork wide = net(width: 16)\nnetwork wider = wide(width: 32)\nnetwork same = wider'
  const channels = (options: Parameters<typeof elaborate>[1]) =>
    shapeOf(build(text.replace('\nnetwork same = wider', ''), options), 'stem.conv1')?.[0]
  const setting = (value: string) =>
    new Map([['width', parseExpression(createSourceFile('--set', value)).expression]])

  it('lay arguments over defaults, outer variants over inner ones, settings over all', () => {
    expect(channels({ network: 'net' })).toBe(8)
    expect(channels({ network: 'wide' })).toBe(16)
    expect(channels({ network: 'wider' })).toBe(32)
    expect(channels({ network: 'wider', settings: setting('5 * 8') })).toBe(40)
  })

  it('report a setting that no parameter has', () => {
    const { diagnostics } = elaborate(load(network('stem = relu')), {
      settings: new Map([['widht', setting('1').get('width')!]]),
    })
    expect(diagnostics.map(({ code, help }) => [code, help])).toEqual([['E0417', 'did you mean `width`?']])
  })

  it('take another input size, and the crop in proportion', () => {
    const graph = build(network('stem = conv(8, 3)'), { inputSize: [3, 64, 96] })
    expect(shapeOf(graph, 'stem.conv1')).toEqual([8, 64, 96])
    expect(graph.metadata.resize).toEqual([73, 109])
  })

  it('apply to the only network of a file, even one that needs them', () => {
    const needy = load('network net(width: int) { input 3 x 8 x 8 stem = conv(width, 3) }')
    expect(elaborate(needy).diagnostics.map(({ code }) => code)).toEqual(['E0403'])
    expect(elaborate(needy, { settings: setting('4') }).graph?.name).toBe('net')
  })

  it('are chosen by name where there are several', () => {
    expect(networkNames(load(text.replace('\nnetwork same = wider', '')))).toEqual(['net', 'wide', 'wider'])
    const codes = (name?: string) =>
      elaborate(
        load(text.replace('\nnetwork same = wider', '')),
        name === undefined ? {} : { network: name },
      ).diagnostics.map(({ code }) => code)
    expect(codes()).toEqual(['E0211'])
    expect(codes('wiide')).toEqual(['E0210'])
  })
})
