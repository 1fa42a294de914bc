import { dirname, join } from 'node:path'
import { diagnose } from '../diagnostics/diagnose.ts'
import { DiagnosticError } from '../diagnostics/diagnostic.ts'
import type { Graph } from '../ir/graph.ts'
import { isJsonText } from '../weights/foreign-file.ts'
import { sameNames, type NameMap, readNameMap } from '../weights/name-map.ts'
import { type Checkpoint, type SafetensorsFile, readSafetensors } from '../weights/safetensors/read.ts'
import { joinShards, readShardIndex, type ShardIndex } from '../weights/safetensors/shards.ts'
import { readableName } from '../weights/readable.ts'
import { NAME_MAPS, readDataFile, readDataPath, type DataFile } from './built-ins.ts'
import { confined } from './file-host.ts'
import { statOf, readRegularFile, readInput } from './file-system.ts'

/** Node reads no more than 2 GiB at once; the largest network here has 0.4. */
const MAX_WEIGHTS_BYTES = 2 ** 31 - 1

/** All shards of a checkpoint lie in memory together. */
const MAX_SHARDS_BYTES = 2 ** 32

/** In the metadata of a file that archc wrote, under archc's own names: which network it is for. */
export const OWN_MARK = 'archc_network'

/**
 * A safetensors file, or an index of shards (`model.safetensors.index.json`) with its shards, which lie in its folder.
 * @throws DiagnosticError
 */
export function readWeightsFile(file: string): Checkpoint {
  const bytes = readBytes(file)
  return isJsonText(bytes) ? readShards(readShardIndex(bytes, file)) : readSafetensors(bytes, file)
}

const readBytes = (file: string): Uint8Array =>
  readInput({ file, wanted: 'a weights file', limit: MAX_WEIGHTS_BYTES })

/** A shard: its path as the user would write it, and where links lead. */
interface Shard {
  readonly shown: string
  readonly file: string
}

function readShards(index: ShardIndex): Checkpoint {
  const folder = dirname(index.path)
  const shards = index.shards.map((name) => ({
    name,
    shown: join(folder, name),
    file: placeOfShard(folder, name, index.path),
  }))
  const found = shards.flatMap(({ shown, file }) => (file === undefined ? [] : [{ shown, file }]))
  if (found.length < shards.length) {
    const missing = shards.flatMap(({ name, file }) => (file === undefined ? [readableName(name)] : []))
    throw new DiagnosticError([diagnose('E0655', { path: index.path }, { missing, shards: shards.length })])
  }
  refuseVast(found, index.path)
  return joinShards(index, readEach(found))
}

/** The real path of a shard; `undefined` where there is none. */
const placeOfShard = (folder: string, name: string, index: string): string | undefined =>
  confined(folder, join(folder, name), name, (target) =>
    diagnose('E0654', { path: index }, { shard: readableName(name), target: readableName(target) }),
  )

function refuseVast(shards: readonly Shard[], index: string): void {
  const bytes = shards.reduce((sum, { file }) => sum + (statOf(file)?.size ?? 0), 0)
  if (bytes > MAX_SHARDS_BYTES)
    throw new DiagnosticError([diagnose('E0658', { path: index }, { bytes, limit: MAX_SHARDS_BYTES })])
}

function* readEach(shards: readonly Shard[]): Iterable<SafetensorsFile> {
  for (const { file, shown } of shards) {
    const bytes = readRegularFile({ file, shown, wanted: 'a shard of weights', limit: MAX_WEIGHTS_BYTES })
    if (bytes === undefined)
      throw new DiagnosticError([diagnose('E0904', { path: shown }, { reason: 'it is gone' })])
    yield readSafetensors(bytes, shown)
  }
}

export const isOwn = ({ metadata }: Checkpoint): boolean => metadata.has(OWN_MARK)

/**
 * How a file of weights calls the parameters of a graph: as `chosen`, the path of a name map, says; as the spec says,
 * beside which name maps may lie; or as archc itself does.
 * @throws DiagnosticError
 */
export function namesFor(graph: Graph, file: Checkpoint, spec: string, chosen?: string): NameMap {
  if (chosen !== undefined) return nameMap(readDataPath(NAME_MAPS, chosen))
  const { names } = graph.metadata
  return names === undefined || isOwn(file) ? sameNames : nameMap(readDataFile(NAME_MAPS, names, spec))
}

const nameMap = ({ text, path }: DataFile): NameMap => readNameMap(text, path)
