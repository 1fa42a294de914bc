import { diagnose } from '../../diagnostics/diagnose.ts'
import { DiagnosticError } from '../../diagnostics/diagnostic.ts'
import type { Graph } from '../../ir/graph.ts'
import { sameNames, type NameMap } from '../names/name-map.ts'
import { readableName } from '../readable.ts'
import { decodeTensor } from '../safetensors/decode.ts'
import { FLOAT_BYTES } from '../floats.ts'
import { isFloatFormat } from '../safetensors/dtype.ts'
import type { SafetensorsFile, TensorEntry } from '../safetensors/file.ts'
import type { Weights } from '../weights.ts'
import { compare, type Bound, type Comparison } from './compare.ts'
import { explainDifferences } from './explain.ts'
import { inplaceScale, isInplaceScale } from './inplace-abn.ts'
import { wantedTensors, type Wanted } from './wanted.ts'

export interface BindOptions {
  /** Read the scales of `abn` as InPlaceABN does: |weight| + eps. */
  readonly inplaceAbn?: boolean
}

/**
 * The values of every parameter of the graph, from a checkpoint under official names. F16 and BF16 are widened,
 * F64 is rounded.
 * @throws DiagnosticError E0610, one that lists every name that is missing, unexpected or of another shape;
 *   E0611 and E0612 for values that no network can run with; E0613
 */
export function bindWeights(
  graph: Graph,
  file: SafetensorsFile,
  names: NameMap = sameNames,
  options: BindOptions = {},
): Weights {
  const wanted = wantedTensors(graph, names)
  const compared = compare(wanted, file, names)
  refuseDifferences(graph, file, compared, wanted)
  return new Map(
    compared.bound.map((pair) => [pair.wanted.parameter.name, readValues(file, pair, options)] as const),
  )
}

function refuseDifferences(
  graph: Graph,
  file: SafetensorsFile,
  compared: Comparison,
  wanted: readonly Wanted[],
): void {
  const { bound, missing, misshapen, integers, unexpected } = compared
  const differences = { missing: missing.length, misshapen: misshapen.length, integers: integers.length }
  if (Object.values(differences).every((count) => count === 0) && unexpected.length === 0) return
  const facts = {
    network: graph.name,
    ...differences,
    unexpected: unexpected.length,
    matched: bound.length + misshapen.length + integers.length,
  }
  const notes = explainDifferences(graph, compared, wanted)
  throw new DiagnosticError([diagnose('E0610', { path: file.path }, facts, { notes })])
}

function readValues(file: SafetensorsFile, { wanted, entry }: Bound, options: BindOptions): Float32Array {
  const values = decodeTensor(file, entry)
  if (wanted.parameter.role === 'running_var') refuseNegative(values, entry, file)
  return options.inplaceAbn === true && isInplaceScale(wanted) ? inplaceScale(values, wanted) : values
}

function refuseNegative(
  values: Float32Array,
  { name, dtype, begin }: TensorEntry,
  file: SafetensorsFile,
): void {
  const index = values.findIndex((value) => value < 0)
  if (index === -1) return
  const offset = file.dataStart + begin + index * (isFloatFormat(dtype) ? FLOAT_BYTES[dtype] : 0)
  const facts = { tensor: readableName(name), index, value: values[index] ?? 0 }
  throw new DiagnosticError([diagnose('E0612', { path: file.path, offset }, facts)])
}
