/** What needs Node: files and devices. Loaded by `files.ts` and `compile.ts` when first called, and never in a browser. */
import { DiagnosticError } from '../diagnostics/diagnostic.ts'
import { elaborate, type ElaborateOptions } from '../elaborate/elaborate.ts'
import type { Graph } from '../ir/graph.ts'
import { loadProgram, type SourceHost } from '../project/load.ts'
import { bindWeights, type BindOptions } from '../weights/bind-weights.ts'
import type { BoundWeights } from '../weights/weights.ts'
import { adviseImports, FileHost } from '../host/file-host.ts'
import { LABELS, readDataFile } from '../host/built-ins.ts'
import { findSpec } from '../host/spec.ts'
import { namesFor, readWeightsFile } from '../host/weights-file.ts'
import { readLabels } from '../host/images/labels.ts'

export { published } from '../host/built-ins.ts'
export { devicesWithCalibrations, deviceNames, findDevice } from '../host/built-ins.ts'
export { decodeImage } from '../host/images/load-image.ts'

export interface SpecPlace {
  /** The spec's file, where name maps or labels of its own lie beside it. */
  readonly spec?: string
}

export interface WeightsFileOptions extends BindOptions, SpecPlace {
  /** A name map's file, in place of the one that the spec names. */
  readonly names?: string
}

export const fileHost = (root: string): SourceHost => new FileHost(root)

export function readNetwork(target: string, options: ElaborateOptions): Graph {
  const { entry, host, network } = findSpec(target)
  const chosen = network === undefined ? options : { network, ...options }
  const { graph, diagnostics } = elaborate(loadProgram(entry, host), chosen)
  if (graph === undefined) throw new DiagnosticError(adviseImports(diagnostics, host))
  return graph
}

export function readWeights(graph: Graph, path: string, options: WeightsFileOptions): BoundWeights {
  const file = readWeightsFile(path)
  return bindWeights(graph, file, namesFor(graph, file, options.spec ?? '', options.names), options)
}

export function labelsOfNetwork(graph: Graph, { spec = '' }: SpecPlace): readonly string[] | undefined {
  const { labels } = graph.metadata
  if (labels === undefined) return undefined
  const file = readDataFile(LABELS, labels, spec)
  return readLabels(file.text, file.path)
}
