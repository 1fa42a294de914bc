import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { builtIns } from '../../src/host/built-ins.ts'
import { packageRoot } from '../../src/host/package.ts'
import { networkGraph } from './support.ts'

const linesOf = (file: string): number =>
  readFileSync(join(packageRoot(), file), 'utf8').trimEnd().split('\n').length

test('a family reads like the table of its paper', () => {
  expect(linesOf('specs/networks/tresnet.arch')).toBeLessThanOrEqual(40)
  expect(linesOf('specs/networks/repghostnet.arch')).toBeLessThanOrEqual(60)
})

/** A family's general form (`fasternet`, `repvgg`) lacks what its variants give it. */
const complete = builtIns().filter(({ name }) => /\d|_/.test(name) && name !== 'shufflenet_v2')

describe.each(complete)('$name', ({ name }) => {
  test('names its paper, the order of its classes, and its official names', () => {
    const { metadata, parts } = networkGraph(name)
    expect(metadata.paper).toMatch(/^arXiv:\d{4}\.\d{4,5}$/)
    expect(metadata.labels).toBe('imagenet1k')
    expect(metadata.names).toBeDefined()
    expect(parts.map(({ kind }) => kind).join(' ')).toMatch(/^(stem )?(stage )+head$/)
  })
})
