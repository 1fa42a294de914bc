import { describe, expect, test } from 'vitest'
import { bindWeights } from '../../src/weights/bind-weights.ts'
import { readNameMap } from '../../src/weights/name-map.ts'
import { readSafetensors } from '../../src/weights/safetensors/read.ts'
import { writeSafetensors } from '../../src/weights/safetensors/write.ts'
import { diagnosed } from './diagnosed.ts'
import { graphOf } from './graphs.ts'

const graph = graphOf([
  { path: 'stem.conv1', op: 'conv', shapes: { weight: [4, 3, 3, 3] } },
  { path: 'head.linear1', op: 'linear', shapes: { weight: [2, 4], bias: [2] } },
])
const OWN: readonly (readonly [name: string, shape: readonly number[]])[] = [
  ['stem.conv1.weight', [4, 3, 3, 3]],
  ['head.linear1.weight', [2, 4]],
  ['head.linear1.bias', [2]],
]

const fileOf = (tensors: readonly (readonly [name: string, shape: readonly number[]])[]) =>
  readSafetensors(
    writeSafetensors(
      new Map(
        tensors.map(([name, shape]) => {
          const data = new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(tensors.length)
          return [name, { shape, data }] as const
        }),
      ),
    ),
    'w.safetensors',
  )
const behind = (prefix: string) => OWN.map(([name, shape]) => [prefix + name, shape] as const)

describe('a prefix of all names', () => {
  test.each([
    'module.',
    '_orig_mod.',
    'model.',
    'state_dict.',
    'net.',
    'module._orig_mod.',
    'a.b.c.model.',
    'stem.',
  ])('%s is left out, and a note says so', (prefix) => {
    const weights = bindWeights(graph, fileOf(behind(prefix)))
    expect([...weights.keys()]).toEqual(OWN.map(([name]) => name))
    expect(weights.get('head.linear1.bias')).toEqual(Float32Array.of(3, 3))
    expect(weights.notes).toEqual([expect.stringContaining(`\`${prefix}\``)])
  })

  test('is none where the names are the own ones', () => {
    expect(bindWeights(graph, fileOf(OWN)).notes).toEqual([])
  })

  test('is looked for before official names, and counters do not matter', () => {
    const names = readNameMap(
      '{"rules": [{"from": "head.{l}", "to": "fc"}], "ignore": ["*.num_batches_tracked"]}',
      'n.json',
    )
    const official = behind('module.').map(
      ([name, shape]) => [name.replace('head.linear1', 'fc'), shape] as const,
    )
    const counters = [
      ['module.bn.num_batches_tracked', [1]],
      ['averaged.num_batches_tracked', [1]],
    ] as const
    expect(bindWeights(graph, fileOf([...official, ...counters]), names).size).toBe(3)
  })

  test.each([
    ['half a prefix', behind('modul').map(([name, shape]) => [name, shape] as const)],
    ['the prefix of some names', [...behind('module.').slice(1), OWN[0]!]],
    ['two prefixes', [...behind('module.').slice(1), ['model.stem.conv1.weight', [4, 3, 3, 3]] as const]],
    ['a second copy', [...behind('module.'), ...behind('ema.')]],
    ['a copy inside', [...behind('module.'), ...behind('module.ema.')]],
  ])('is not %s', (_, tensors) => {
    expect(diagnosed(() => bindWeights(graph, fileOf(tensors))).code).toBe('E0610')
  })

  test('that other names lack is told as such', () => {
    const { help } = diagnosed(() => bindWeights(graph, fileOf([...behind('module.'), ['epoch', []]])))
    expect(help).toContain("all of the network's names behind `module.`")
  })

  test('is told where what is behind it does not fit', () => {
    const tensors = behind('module.').map(
      ([name, shape]) => [name, name.endsWith('bias') ? [3] : shape] as const,
    )
    expect(diagnosed(() => bindWeights(graph, fileOf(tensors))).notes).toEqual([
      expect.stringMatching(/^names: .*`module\.`/),
      expect.stringMatching(/^shape: head\.linear1\.bias is \[3\]/),
    ])
  })
})

test('of a shard alone, the help is the index', () => {
  const shard = { ...fileOf(OWN.slice(1)), path: 'folder/model-00001-of-00003.safetensors' }
  expect(diagnosed(() => bindWeights(graph, shard)).help).toBe(
    'the file is one of 3 shards: give their index, `folder/model.safetensors.index.json`',
  )
})

describe('another number of rows', () => {
  const rows = (count: number) =>
    OWN.map(
      ([name, [, ...rest]]) => [name, name.startsWith('head') ? [count, ...rest] : [4, ...rest]] as const,
    )
  const asked: unknown[] = []
  const settingFor = (rows: unknown) => {
    asked.push(rows)
    return 'classes=7'
  }

  test('has the setting for help that makes the network fit', () => {
    const { help } = diagnosed(() => bindWeights(graph, fileOf(rows(7)), undefined, {}, { settingFor }))
    expect(help).toBe('`--set classes=7` makes the network fit')
    expect(asked).toEqual([{ ours: 2, theirs: 7 }])
  })

  test('has none where nobody knows a setting', () => {
    expect(diagnosed(() => bindWeights(graph, fileOf(rows(7)))).help).toBeUndefined()
  })

  test.each([
    ['something is missing', rows(7).slice(0, 2)],
    ['something is left', [...rows(7), ['more', [1]] as const]],
    ['other layers differ too', [['stem.conv1.weight', [5, 3, 3, 3]] as const, ...rows(7).slice(1)]],
    ['columns differ', [rows(2)[0]!, ['head.linear1.weight', [7, 5]] as const, rows(7)[2]!]],
  ])('is not asked for where %s', (_, tensors) => {
    const never = () => expect.fail('asked')
    diagnosed(() => bindWeights(graph, fileOf(tensors), undefined, {}, { settingFor: never }))
  })
})
