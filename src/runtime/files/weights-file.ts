import type { Graph } from '../../ir/graph.ts'
import { sameNames, type NameMap } from '../../weights/names/name-map.ts'
import { readNameMap } from '../../weights/names/read-name-map.ts'
import type { SafetensorsFile } from '../../weights/safetensors/file.ts'
import { readSafetensors } from '../../weights/safetensors/read.ts'
import { NAME_MAPS, readDataFile, readDataPath, type DataFile } from './data-file.ts'
import { readInput } from './read-input.ts'

/** Node reads no more than 2 GiB at once; the largest network here has 0.4. */
const MAX_WEIGHTS_BYTES = 2 ** 31 - 1

/** In the metadata of a file that archc wrote, under archc's own names: which network it is for. */
export const OWN_MARK = 'archc_network'

/** @throws DiagnosticError */
export const readWeightsFile = (file: string): SafetensorsFile =>
  readSafetensors(readInput({ file, wanted: 'a weights file', limit: MAX_WEIGHTS_BYTES }), file)

export const isOwn = ({ metadata }: SafetensorsFile): boolean => metadata.has(OWN_MARK)

/**
 * How a file of weights calls the parameters of a graph: as `chosen`, the path of a name map, says; as the spec says,
 * beside which name maps may lie; or as archc itself does.
 * @throws DiagnosticError
 */
export function namesFor(graph: Graph, file: SafetensorsFile, spec: string, chosen?: string): NameMap {
  if (chosen !== undefined) return nameMap(readDataPath(NAME_MAPS, chosen))
  const { names } = graph.metadata
  return names === undefined || isOwn(file) ? sameNames : nameMap(readDataFile(NAME_MAPS, names, spec))
}

const nameMap = ({ text, path }: DataFile): NameMap => readNameMap(text, path)
