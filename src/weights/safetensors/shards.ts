import { diagnose } from '../../diagnostics/diagnose.ts'
import { DiagnosticError } from '../../diagnostics/diagnostic.ts'
import type { FactsOf } from '../../diagnostics/catalogue/index.ts'
import { readableName } from '../readable.ts'
import {
  type Checkpoint,
  type SafetensorsFile,
  type TensorEntry,
  type TensorStore,
  isObject,
  tooLarge,
  type JsonObject,
  scanJson,
  TENSOR_LIMIT,
} from './read.ts'

/** The most files that one checkpoint may consist of. */
const SHARD_LIMIT = 1000

/** `model.safetensors.index.json`: which file of its folder holds which tensor. */
export interface ShardIndex {
  /** How diagnostics name it. */
  readonly path: string
  /** Names of files, relative to the folder of the index and inside it, `/` between folders. */
  readonly shards: readonly string[]
  /** The shard of each tensor, by name. */
  readonly shardOf: ReadonlyMap<string, string>
}

/**
 * Reads an index as `huggingface_hub` writes it: an object whose `weight_map` gives the file of each tensor.
 * @param path how diagnostics name the index
 * @throws DiagnosticError E0650 for other JSON, E0651, E0653, E0654 for a name that leaves the folder
 */
export function readShardIndex(bytes: Uint8Array, path: string): ShardIndex {
  const { excess } = scanJson(bytes)
  if (excess === 'depth') return unreadable('too-deep', path)
  if (excess !== undefined) throw tooLarge(excess, { path })
  const shardOf = readWeightMap(readJson(bytes, path), path)
  const shards = [...new Set(shardOf.values())]
  if (shards.length === 0) return unreadable('no-shards', path)
  if (shards.length > SHARD_LIMIT) return unreadable('too-many-shards', path)
  for (const shard of shards) if (!isInside(shard)) throw outside(shard, path)
  if (shards.every((shard) => /\.(bin|pth?)$/.test(shard))) return unreadable('pytorch-shards', path)
  return { path, shards, shardOf }
}

function readJson(bytes: Uint8Array, path: string): JsonObject {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return unreadable('not-utf8', path)
  }
  try {
    const parsed: unknown = JSON.parse(text)
    return isObject(parsed) ? parsed : unreadable('bad-map', path)
  } catch (error) {
    if (error instanceof DiagnosticError) throw error
    return unreadable('not-json', path)
  }
}

function readWeightMap(index: JsonObject, path: string): ReadonlyMap<string, string> {
  const map = index['weight_map']
  if (map === undefined) throw new DiagnosticError([diagnose('E0650', { path }, { kind: 'json', path })])
  if (!isObject(map)) return unreadable('bad-map', path)
  const entries = Object.entries(map)
  if (entries.length > TENSOR_LIMIT) throw tooLarge('tensors', { path })
  return new Map(
    entries.map(([tensor, shard]) => [
      tensor,
      typeof shard === 'string' ? shard : unreadable('bad-map', path),
    ]),
  )
}

/**
 * Whether the name is a relative path that goes down only, on every system: no `..`, no root or drive, no
 * backslash, no character that no file name has.
 */
const isInside = (shard: string): boolean =>
  shard.length <= 1000 &&
  !/[\\:\x00-\x1f]/.test(shard) &&
  shard.split('/').every((part) => part !== '' && part !== '.' && part !== '..')

const outside = (shard: string, path: string): DiagnosticError =>
  new DiagnosticError([diagnose('E0654', { path }, { shard: readableName(shard), target: undefined })])

/**
 * All tensors of the shards as one checkpoint.
 * @param files the shards of the index, in its order
 * @throws DiagnosticError E0651, E0656 where a shard lacks a tensor that the index says it has, E0657 where two have
 *   the same
 */
export function joinShards(index: ShardIndex, files: Iterable<SafetensorsFile>): Checkpoint {
  const { path, shards } = index
  const tensors = new Map<string, TensorEntry>()
  const homes = new Map<TensorStore | undefined, string>()
  let at = 0
  for (const file of files) {
    const shard = shards[at++] ?? ''
    for (const entry of file.tensors.values()) {
      const other = tensors.get(entry.name)
      if (other !== undefined) throw twice(entry, other, path)
      tensors.set(entry.name, entry)
      homes.set(entry.home, shard)
    }
    if (tensors.size > TENSOR_LIMIT) throw tooLarge('tensors', { path })
  }
  refuseLacking(index, (name) => homes.get(tensors.get(name)?.home))
  return { path, metadata: new Map(), tensors }
}

function refuseLacking({ path, shardOf }: ShardIndex, found: (tensor: string) => string | undefined): void {
  const lacking = [...shardOf].filter(([tensor, shard]) => found(tensor) !== shard)
  const [first] = lacking
  if (first === undefined) return
  const [tensor, shard] = first.map(readableName)
  const facts = { tensor: tensor ?? '', shard: shard ?? '', count: lacking.length }
  throw new DiagnosticError([diagnose('E0656', { path }, facts)])
}

const twice = ({ name, home }: TensorEntry, other: TensorEntry, path: string): DiagnosticError => {
  const [first, second] = [readableName(other.home.path), readableName(home.path)]
  return new DiagnosticError([diagnose('E0657', { path }, { tensor: readableName(name), first, second })])
}

function unreadable(problem: FactsOf<'E0653'>['problem'], path: string): never {
  throw new DiagnosticError([diagnose('E0653', { path }, { problem })])
}

/** Of `model-00001-of-00003.safetensors`: how many shards there are, and what their index is called. */
export function loneShard(path: string): { readonly of: number; readonly index: string } | undefined {
  const start = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1
  const [, stem, count] = /^(.{1,200})-\d{5,6}-of-(\d{5,6})\.safetensors$/.exec(path.slice(start)) ?? []
  if (stem === undefined || Number(count) < 2) return undefined
  return { of: Number(count), index: `${path.slice(0, start)}${stem}.safetensors.index.json` }
}
