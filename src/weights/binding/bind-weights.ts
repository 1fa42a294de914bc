import { diagnose } from '../../diagnostics/diagnose.ts'
import type { FactsOf } from '../../diagnostics/catalogue/index.ts'
import { DiagnosticError } from '../../diagnostics/diagnostic.ts'
import type { Graph } from '../../ir/graph.ts'
import { sameNames, type NameMap } from '../names/name-map.ts'
import { readableName } from '../readable.ts'
import { decodeTensor } from '../safetensors/decode.ts'
import { FLOAT_BYTES } from '../floats.ts'
import { isFloatFormat, kindOfDtype } from '../safetensors/dtype.ts'
import type { Checkpoint, TensorEntry } from '../safetensors/file.ts'
import { loneShard } from '../safetensors/shards.ts'
import type { BoundWeights } from '../weights.ts'
import { compare, isComplete, otherRows, type Bound, type Comparison, type Rows } from './compare.ts'
import { explainDifferences, withoutPrefix } from './explain.ts'
import { inplaceScale, isInplaceScale } from './inplace-abn.ts'
import { isPermuted } from './same-layer.ts'
import { wantedTensors, type Wanted } from './wanted.ts'
import { prefixAmongOthers } from './wrapper-prefix.ts'

export interface BindOptions {
  /** Read the scales of `abn` as InPlaceABN does: |weight| + eps. */
  readonly inplaceAbn?: boolean
}

/** What `bindWeights` asks of who knows where the graph comes from. */
export interface Advisor {
  /** The setting (`classes=7`) that gives a network which the file fits, where only a number of rows differs. */
  readonly settingFor?: (rows: Rows) => string | undefined
}

/**
 * The values of every parameter of the graph, from a checkpoint under official names. F16 and BF16 are widened,
 * F64 is rounded.
 * @throws DiagnosticError E0610, one that lists every name that is missing, unexpected or of another shape;
 *   E0611 and E0612 for values that no network can run with; E0613; E0652
 */
export function bindWeights(
  graph: Graph,
  file: Checkpoint,
  names: NameMap = sameNames,
  options: BindOptions = {},
  advisor: Advisor = {},
): BoundWeights {
  const wanted = wantedTensors(graph, names)
  const compared = compare(wanted, file, names)
  if (!isComplete(compared)) throw misfit({ graph, file, wanted, compared }, advisor)
  const values = new Map(
    compared.bound.map((pair) => [pair.wanted.parameter.name, readValues(pair, options)] as const),
  )
  const { prefix } = compared
  return Object.assign(values, { notes: prefix === '' ? [] : [withoutPrefix(prefix)] })
}

/**
 * Whether `bindWeights` would find each parameter of the graph in the file, and nothing else there.
 * @throws DiagnosticError E0613, E0652
 */
export const fitsGraph = (graph: Graph, file: Checkpoint, names: NameMap = sameNames): boolean =>
  isComplete(compare(wantedTensors(graph, names), file, names))

interface Attempt {
  readonly graph: Graph
  readonly file: Checkpoint
  readonly wanted: readonly Wanted[]
  readonly compared: Comparison
}

function misfit(attempt: Attempt, { settingFor }: Advisor): DiagnosticError {
  const { graph, file, wanted, compared } = attempt
  const { missing, misshapen, unread, unexpected } = compared
  const kinds = unread.map(({ entry }) => kindOfDtype(entry.dtype))
  const facts = {
    network: graph.name,
    missing: missing.length,
    misshapen: misshapen.length,
    unreadFloats: kinds.filter((kind) => kind === 'unread-float').length,
    integers: kinds.filter((kind) => kind !== 'unread-float').length,
    unexpected: unexpected.length,
    cause: causeOf(attempt, settingFor),
  }
  const notes = explainDifferences(graph, compared, wanted)
  return new DiagnosticError([diagnose('E0610', { path: file.path }, facts, { notes })])
}

/** Why the file does not fit, where that can be told; the first that applies makes the help. */
function causeOf(
  { file, wanted, compared }: Attempt,
  settingFor: Advisor['settingFor'],
): FactsOf<'E0610'>['cause'] {
  const { bound, missing, misshapen, unread } = compared
  const shard = missing.length > 0 ? loneShard(file.path) : undefined
  if (shard !== undefined) return { kind: 'shard', of: shard.of, index: readableName(shard.index) }
  const rows = otherRows(compared)
  const setting = rows === undefined ? undefined : settingFor?.(rows)
  if (setting !== undefined) return { kind: 'setting', setting }
  const prefix = missing.length > 0 ? prefixAmongOthers(wanted, file) : undefined
  if (prefix !== undefined) return { kind: 'prefix', prefix: readableName(prefix) }
  if (bound.length + misshapen.length + unread.length === 0) return { kind: 'other-network' }
  if (unread.length > 0) return { kind: 'dtype' }
  const permuted = misshapen.some(({ wanted, entry }) => isPermuted(wanted.shape, entry.shape))
  return permuted ? { kind: 'permuted' } : undefined
}

function readValues({ wanted, entry }: Bound, options: BindOptions): Float32Array {
  const values = decodeTensor(entry.home, entry)
  if (wanted.parameter.role === 'running_var') refuseNegative(values, entry)
  return options.inplaceAbn === true && isInplaceScale(wanted) ? inplaceScale(values, wanted) : values
}

function refuseNegative(values: Float32Array, { name, dtype, begin, home }: TensorEntry): void {
  const index = values.findIndex((value) => value < 0)
  if (index === -1) return
  const offset = home.dataStart + begin + index * (isFloatFormat(dtype) ? FLOAT_BYTES[dtype] : 0)
  const facts = { tensor: readableName(name), index, value: values[index] ?? 0 }
  throw new DiagnosticError([diagnose('E0612', { path: home.path, offset }, facts)])
}
