import { describe, expect, test } from 'vitest'
import { decodeTensor, readSafetensors } from '../../src/weights/safetensors/read.ts'
import { joinShards, loneShard, readShardIndex } from '../../src/weights/safetensors/shards.ts'
import { writeSafetensors } from '../../src/weights/safetensors/write.ts'
import { diagnosed } from './diagnosed.ts'

const bytes = (json: unknown) =>
  new TextEncoder().encode(typeof json === 'string' ? json : JSON.stringify(json))
const index = (weightMap: unknown) =>
  readShardIndex(bytes({ metadata: { total_size: 1 }, weight_map: weightMap }), 'i.json')
const shard = (path: string, values: Readonly<Record<string, number>>) =>
  readSafetensors(
    writeSafetensors(
      new Map(
        Object.entries(values).map(([name, value]) => [name, { shape: [1], data: Float32Array.of(value) }]),
      ),
    ),
    path,
  )

test('shards are joined, and each tensor is read from its own', () => {
  const map = index({ a: 'x.safetensors', b: 'deep/y.safetensors', c: 'x.safetensors' })
  expect(map.shards).toEqual(['x.safetensors', 'deep/y.safetensors'])
  const { path, tensors } = joinShards(map, [shard('x', { a: 1, c: 3 }), shard('y', { b: 2, d: 4 })])
  expect(path).toBe('i.json')
  const values = [...tensors.values()].map((entry) => [entry.name, ...decodeTensor(entry.home, entry)])
  expect(values).toEqual([
    ['a', 1],
    ['c', 3],
    ['b', 2],
    ['d', 4],
  ])
})

describe('an index is refused', () => {
  test.each([
    ['cut off', '{"weight_map": {', 'E0653', 'not valid JSON'],
    ['as a list', '[1, 2, 3, 4, 5]', 'E0653', 'weight_map'],
    ['without a map', { metadata: {} }, 'E0650', 'no `weight_map`'],
    ['with a list for a map', { weight_map: ['a.safetensors'] }, 'E0653', 'weight_map'],
    ['with a number for a shard', { weight_map: { a: 1 } }, 'E0653', 'weight_map'],
    ['of nothing', { weight_map: {} }, 'E0653', 'names no shard'],
    ['of PyTorch files', { weight_map: { a: 'pytorch_model-00001-of-00002.bin' } }, 'E0653', 'PyTorch'],
    ['that nests deeply', '{"weight_map":'.repeat(9), 'E0653', 'nest'],
    [
      'of too many shards',
      {
        weight_map: Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`t${i}`, `${i}.safetensors`])),
      },
      'E0653',
      '1000 shards',
    ],
    [
      'of too many tensors',
      { weight_map: Object.fromEntries(Array.from({ length: 100_001 }, (_, i) => [i, 'a.safetensors'])) },
      'E0651',
      '100000 tensors',
    ],
  ])('%s', (_, json, code, text) => {
    const diagnostic = diagnosed(() => readShardIndex(bytes(json), 'i.json'))
    expect(diagnostic).toMatchObject({ code, place: { path: 'i.json' } })
    expect(diagnostic.message).toContain(text)
  })

  test.each([
    '../a.safetensors',
    'a/../../b.safetensors',
    '/etc/passwd',
    'C:\\a.safetensors',
    'C:a.safetensors',
    '..\\a.safetensors',
    '\\\\host\\a',
    './a.safetensors',
    'a//b.safetensors',
    'a/',
    '..',
    '',
    'a\0b',
    'a'.repeat(1001),
  ])('whose shard is %j', (name) => {
    const { code, message } = diagnosed(() => index({ good: 'a.safetensors', bad: name }))
    expect(code).toBe('E0654')
    expect(message).not.toContain('\0')
  })
})

describe('shards are refused', () => {
  const map = index({ a: 'x.safetensors', b: 'y.safetensors' })
  test.each([
    ['of which one lacks its tensor', { a: 1 }, { c: 2 }, 'E0656', '`b` lies in `y.safetensors`'],
    ['that are exchanged', { b: 1 }, { a: 2 }, 'E0656', 'nor is 1 other where'],
    ['that have the same tensor', { a: 1, b: 1 }, { b: 2 }, 'E0657', 'both `x` and `y`'],
  ])('%s', (_, x, y, code, text) => {
    const files = [shard('x', x), shard('y', y)]
    const diagnostic = diagnosed(() => joinShards(map, files))
    expect(diagnostic).toMatchObject({ code, place: { path: 'i.json' } })
    expect(diagnostic.message).toContain(text)
  })
})

test.each([
  ['model-00001-of-00003.safetensors', 3, 'model.safetensors.index.json'],
  ['dir/my-net.v2-00002-of-00010.safetensors', 10, 'dir/my-net.v2.safetensors.index.json'],
  ['model-00001-of-00001.safetensors', undefined, undefined],
  ['model-1-of-3.safetensors', undefined, undefined],
  ['model-00001-of-00003.safetensors/model.safetensors', undefined, undefined],
])('%s is a shard of %j', (path, of, name) => {
  expect(loneShard(path)).toEqual(of === undefined ? undefined : { of, index: name })
})
