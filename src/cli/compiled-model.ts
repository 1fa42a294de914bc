import { closeSync, constants, lstatSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { diagnose } from '../diagnostics/diagnose.ts'
import { graphFromJsonText, graphToJsonText } from '../ir/json.ts'
import type { Graph } from '../ir/graph.ts'
import { bindWeights } from '../weights/bind-weights.ts'
import { writeSafetensors } from '../weights/safetensors/write.ts'
import { confined } from '../host/file-host.ts'
import { OWN_MARK, readWeightsFile } from '../host/weights-file.ts'
import { noteRandom, SEED_MARK, type LoadedWeights } from './load-weights.ts'
import { readTextInput } from '../host/file-system.ts'
import type { Content } from './write-output.ts'

const GRAPH = 'model.json'
const WEIGHTS = 'weights.safetensors'
const LABELS = 'labels.json'
const FILES: readonly string[] = [GRAPH, WEIGHTS, LABELS]

const MAX_GRAPH_BYTES = 2 ** 26

/**
 * Whether a folder with these entries is a compiled model, and nothing of the user's own is among them. Others call
 * their files `model.json` too.
 */
export function isModelFolder(entries: readonly string[], folder: string): boolean {
  const areOurs = entries.every((name) => FILES.includes(name) && lstatSync(join(folder, name)).isFile())
  return areOurs && entries.includes(GRAPH) && beginsAsGraph(join(folder, GRAPH))
}

function beginsAsGraph(file: string): boolean {
  const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const start = Buffer.alloc(64)
    readSync(descriptor, start)
    return start.includes('"archc_ir"')
  } finally {
    closeSync(descriptor)
  }
}

/** The files of a compiled model: all that running it takes. */
export function modelFiles(
  graph: Graph,
  weights: LoadedWeights,
  labels: string | undefined,
): ReadonlyMap<string, Content> {
  const files = new Map<string, Content>([
    [GRAPH, graphToJsonText(graph)],
    [WEIGHTS, weightsBytes(graph, weights)],
  ])
  return labels === undefined ? files : files.set(LABELS, labels)
}

function weightsBytes(graph: Graph, { values, seed }: LoadedWeights): Uint8Array {
  const tensors = graph.parameters.map(({ name, value }) => {
    const [shape, data] = [graph.values[value]?.type.shape, values.get(name)]
    if (shape === undefined || data === undefined) throw new Error(`${name} has no value`)
    return [name, { shape, data }] as const
  })
  const random = seed === undefined ? {} : { [SEED_MARK]: String(seed) }
  return writeSafetensors(new Map(tensors), { [OWN_MARK]: graph.name, ...random })
}

interface CompiledModel {
  readonly graph: Graph
  readonly weights: LoadedWeights
}

/**
 * Reads what `archc compile` wrote.
 * @throws DiagnosticError for a file that is missing, damaged or not of this model; E0782 for a link out of the folder
 */
export async function openCompiled(folder: string): Promise<CompiledModel> {
  const path = join(folder, GRAPH)
  for (const file of FILES.map((name) => join(folder, name)))
    confined(folder, file, file, (target) => diagnose('E0782', { path: file }, { target }))
  const text = readTextInput({ file: path, wanted: 'a compiled model', limit: MAX_GRAPH_BYTES })
  const graph = await graphFromJsonText(text, { path })
  const file = readWeightsFile(join(folder, WEIGHTS))
  const seed = file.metadata.get(SEED_MARK)
  if (seed !== undefined) noteRandom(graph.name, Number(seed))
  const values = bindWeights(graph, file)
  const origin = seed === undefined ? { file: join(folder, WEIGHTS) } : { seed: Number(seed) }
  return { graph, weights: { values, notes: values.notes, ...origin } }
}

export const labelsFile = (folder: string): string => join(folder, LABELS)
