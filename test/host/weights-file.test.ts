import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { loadWeights, type Graph } from '../../src/index.ts'
import { readWeightsFile } from '../../src/host/weights-file.ts'
import { writeSafetensors } from '../../src/weights/safetensors/write.ts'
import { diagnosed, diagnosedLater } from '../weights/diagnosed.ts'
import { graphOf } from '../weights/graphs.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

function folderOf(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'archc-weights-'))
  folders.push(folder)
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  return folder
}

const shard = (...names: readonly string[]) =>
  writeSafetensors(new Map(names.map((name) => [name, { shape: [2], data: Float32Array.of(1, 2) }])))
const index = (weightMap: Readonly<Record<string, string>>) => JSON.stringify({ weight_map: weightMap })

const graph: Graph = graphOf([
  { path: 'stem.a', op: 'scale', shapes: { weight: [2] } },
  { path: 'stem.b', op: 'scale', shapes: { weight: [2] } },
])
const INDEX = index({ 'stem.a.weight': 'one.safetensors', 'stem.b.weight': 'deep/two.safetensors' })

describe('an index of shards', () => {
  test('is read with its shards by loadWeights', async () => {
    const folder = folderOf({
      'model.safetensors.index.json': INDEX,
      'one.safetensors': shard('stem.a.weight'),
      'deep/two.safetensors': shard('stem.b.weight'),
    })
    const weights = await loadWeights(graph, join(folder, 'model.safetensors.index.json'))
    expect([...weights]).toEqual([
      ['stem.a.weight', Float32Array.of(1, 2)],
      ['stem.b.weight', Float32Array.of(1, 2)],
    ])
    expect(weights.notes).toEqual([])
  })

  test('says which shards are missing, all at once', async () => {
    const folder = folderOf({ 'i.json': INDEX, 'one.safetensors': shard('stem.a.weight') })
    symlinkSync('nowhere', join(folder, 'deep'))
    const { code, message } = await diagnosedLater(loadWeights(graph, join(folder, 'i.json')))
    expect([code, message]).toEqual([
      'E0655',
      '1 of the 2 shards of this index is missing: `deep/two.safetensors`',
    ])
  })

  test.each([
    ['a file', (target: string, place: string) => symlinkSync(target, place)],
    [
      'a folder',
      (target: string, place: string) => {
        rmSync(dirname(place), { recursive: true })
        symlinkSync(dirname(target), dirname(place))
      },
    ],
  ])('does not follow a link out of its folder, of %s', (_, link) => {
    const other = folderOf({ 'two.safetensors': shard('stem.b.weight') })
    const folder = folderOf({
      'i.json': INDEX,
      'one.safetensors': shard('stem.a.weight'),
      'deep/other.safetensors': '',
    })
    link(join(other, 'two.safetensors'), join(folder, 'deep/two.safetensors'))
    const { code, message } = diagnosed(() => readWeightsFile(join(folder, 'i.json')))
    expect(code).toBe('E0654')
    expect(message).toContain('outside the folder of its index')
  })

  test('follows one that stays inside', () => {
    const folder = folderOf({
      'i.json': INDEX,
      'one.safetensors': shard('stem.a.weight'),
      blob: shard('stem.b.weight'),
      'deep/other': '',
    })
    symlinkSync('../blob', join(folder, 'deep/two.safetensors'))
    expect([...readWeightsFile(join(folder, 'i.json')).tensors.keys()]).toEqual([
      'stem.a.weight',
      'stem.b.weight',
    ])
  })

  test('names the shard that is something else, as it is called beside the index', () => {
    const folder = folderOf({
      'i.json': INDEX,
      'one.safetensors': shard('stem.a.weight'),
      'deep/two.safetensors': 'version https://git-lfs.github.com/spec/v1\nsize 12\n',
    })
    const { code, place } = diagnosed(() => readWeightsFile(join(folder, 'i.json')))
    expect([code, place?.path]).toEqual(['E0650', join(folder, 'deep/two.safetensors')])
  })

  test('is no shard of itself, and one file is no two shards', () => {
    const folder = folderOf({ 'i.json': index({ a: 'i.json' }), 'one.safetensors': shard('a') })
    expect(diagnosed(() => readWeightsFile(join(folder, 'i.json'))).message).toContain('an index of shards')
    linkSync(join(folder, 'one.safetensors'), join(folder, 'two.safetensors'))
    writeFileSync(join(folder, 'i.json'), index({ a: 'one.safetensors', b: 'two.safetensors' }))
    expect(diagnosed(() => readWeightsFile(join(folder, 'i.json'))).code).toBe('E0657')
  })

  test('of more bytes than memory is refused before any is read', () => {
    const folder = folderOf({ 'i.json': INDEX, 'one.safetensors': '', 'deep/two.safetensors': '' })
    // Files of holes take no space.
    for (const name of ['one.safetensors', 'deep/two.safetensors'])
      truncateSync(join(folder, name), 2 ** 31 + 1)
    expect(diagnosed(() => readWeightsFile(join(folder, 'i.json')))).toMatchObject({
      code: 'E0658',
      message: expect.stringContaining('4294967298 bytes') as string,
    })
  })
})
