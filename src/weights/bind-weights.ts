import { diagnose } from '../diagnostics/diagnose.ts'
import { DiagnosticError } from '../diagnostics/diagnostic.ts'
import { Naming, type NameMap, sameNames } from './name-map.ts'
import {
  isFloatFormat,
  type Checkpoint,
  type TensorEntry,
  kindOfDtype,
  decodeTensor,
} from './safetensors/read.ts'
import { holds, type Wanted, isPermuted, wantedTensors } from './wanted.ts'
import { unwrap, prefixAmongOthers } from './wrapper-prefix.ts'
import type { Graph } from '../ir/graph.ts'
import { nearest } from '../diagnostics/suggest.ts'
import type { Location } from '../source/span.ts'
import { readableName, readableShape } from './readable.ts'
import type { FactsOf } from '../diagnostics/catalogue/index.ts'
import { FLOAT_BYTES } from './floats.ts'
import { loneShard } from './safetensors/shards.ts'
import type { BoundWeights } from './weights.ts'

interface Bound {
  readonly wanted: Wanted
  readonly entry: TensorEntry
}

/** What a checkpoint and a network have in common, and where they differ. */
interface Comparison {
  /** What all names of the file have before the network's; it was left out. */
  readonly prefix: string
  readonly bound: readonly Bound[]
  readonly missing: readonly Wanted[]
  readonly misshapen: readonly Bound[]
  /** Of a dtype that is not read. */
  readonly unread: readonly Bound[]
  readonly unexpected: readonly TensorEntry[]
}

/** @throws DiagnosticError E0613 where the map gives two parameters one name, E0652 */
function compare(wanted: readonly Wanted[], file: Checkpoint, names: NameMap): Comparison {
  const known = byKey(wanted, names)
  const naming = new Naming(names)
  const { prefix, tensors } = unwrap(wanted, file, naming)
  const found = wanted.flatMap((wanted) => {
    const entry = tensors.get(wanted.key)
    return entry === undefined ? [] : [{ wanted, entry }]
  })
  const isUnexpected = (name: string, entry: TensorEntry): boolean =>
    !known.has(name) && !naming.isIgnored(name) && !naming.isIgnored(entry.name)
  return {
    prefix,
    bound: found.filter((pair) => isFloat(pair) && fits(pair)),
    missing: wanted.filter(({ key }) => !tensors.has(key)),
    misshapen: found.filter((pair) => isFloat(pair) && !fits(pair)),
    unread: found.filter((pair) => !isFloat(pair)),
    unexpected: [...tensors].filter(([name, entry]) => isUnexpected(name, entry)).map(([, entry]) => entry),
  }
}

/** Whether the network takes every value that it wants from the file, and the file has no others. */
const isComplete = ({ missing, misshapen, unread, unexpected }: Comparison): boolean =>
  [missing, misshapen, unread, unexpected].every(({ length }) => length === 0)

/** A number of rows: of the filters or units of a layer. */
export interface Rows {
  readonly ours: number
  readonly theirs: number
}

/**
 * How many rows the file's tensors have where the network has another number, if nothing else differs: the classes of
 * the head, as a rule.
 */
function otherRows(compared: Comparison): Rows | undefined {
  const { missing, misshapen, unread, unexpected } = compared
  const [first] = misshapen
  if (first === undefined || missing.length + unread.length + unexpected.length > 0) return undefined
  const [ours, theirs] = [first.wanted.shape[0], first.entry.shape[0]]
  if (ours === undefined || theirs === undefined || ours === theirs) return undefined
  const alike = misshapen.every(
    ({ wanted, entry }) =>
      wanted.shape[0] === ours &&
      entry.shape[0] === theirs &&
      holds({ ...wanted, shape: [theirs, ...wanted.shape.slice(1)] }, entry.shape),
  )
  return alike ? { ours, theirs } : undefined
}

function byKey(wanted: readonly Wanted[], names: NameMap): ReadonlyMap<string, Wanted> {
  const known = new Map<string, Wanted>()
  for (const each of wanted) {
    const other = known.get(each.key)
    if (other !== undefined)
      throw new DiagnosticError([
        diagnose(
          'E0613',
          { path: names.path },
          { key: each.key, first: other.parameter.name, second: each.parameter.name },
        ),
      ])
    known.set(each.key, each)
  }
  return known
}

const isFloat = ({ entry }: Bound): boolean => isFloatFormat(entry.dtype)

const fits = ({ wanted, entry }: Bound): boolean => holds(wanted, entry.shape)

/** What InPlaceABN adds to a scale unless the operator says otherwise. */
const DEFAULT_EPS = 1e-5

/** Whether the parameter is a scale that InPlaceABN reads in its own way. */
const isInplaceScale = ({ node, parameter }: Wanted): boolean =>
  node.op === 'abn' && parameter.role === 'weight'

/**
 * The scale that mapillary/inplace_abn (v1.0.11) applies, in training and inference, where its checkpoint holds
 * `values`: |weight| + eps.
 */
function inplaceScale(values: Float32Array, { node }: Wanted): Float32Array {
  const eps = typeof node.attributes['eps'] === 'number' ? node.attributes['eps'] : DEFAULT_EPS
  return values.map((value) => Math.abs(value) + eps)
}

/**
 * Whether the checkpoint may come from InPlaceABN: the network has its layers, and the file counts no batches, as
 * PyTorch's own batch norm does. Only a hint: such counters can also have been left out.
 */
export function looksLikeInplaceAbn(graph: Graph, file: Checkpoint): boolean {
  const counts = [...file.tensors.keys()].some((name) => name.endsWith('num_batches_tracked'))
  return !counts && graph.nodes.some(({ op }) => op === 'abn')
}

/** Names shown of each kind of difference. */
const SHOWN = 20
/** Missing names that an unexpected one is compared with. */
const CANDIDATES = 1000
/** A name of megabytes full of dots would take quadratic time; no official prefix is so long. */
const PREFIX_LIMIT = 1000

/** What a user is told where a prefix was left out. */
const withoutPrefix = (prefix: string): string =>
  `all names of the file begin with \`${readableName(prefix)}\`, which a wrapper added: it is left out`

/** One line for each name that does not fit, with the line of the spec that it belongs to. */
function explainDifferences(graph: Graph, compared: Comparison, wanted: readonly Wanted[]): string[] {
  const candidates = compared.missing.slice(0, CANDIDATES).map(({ key }) => key)
  const homes = homesOfPrefixes(wanted)
  const at = (wanted: Wanted) => `${ourName(wanted)}, ${placeInSpec(graph, wanted)}`
  const shape = (sizes: readonly number[]) => readableShape(sizes)
  return [
    ...(compared.prefix === '' ? [] : [`names: ${withoutPrefix(compared.prefix)}`]),
    ...firstOf(
      compared.missing,
      'missing',
      (wanted) => `missing: ${readableName(wanted.key)} ${shape(wanted.shape)}${at(wanted)}`,
    ),
    ...firstOf(
      compared.misshapen,
      'of another shape',
      ({ wanted, entry }) =>
        `shape: ${readableName(wanted.key)} is ${shape(entry.shape)} in the file and ${shape(wanted.shape)} in the network${at(wanted)}`,
    ),
    ...firstOf(
      compared.unread,
      'of a dtype that is not read',
      ({ wanted, entry }) =>
        `dtype: ${readableName(wanted.key)} is ${entry.dtype}, ${wordsOfDtype(entry.dtype)}${at(wanted)}`,
    ),
    ...firstOf(compared.unexpected, 'unexpected', ({ name, shape: sizes }) => {
      const short = name.startsWith(compared.prefix) ? name.slice(compared.prefix.length) : name
      const near = nearest(short, candidates)
      const home = homeOf(short, homes)
      const where = home === undefined ? '' : `, near ${placeInSpec(graph, home)}`
      const hint = near === undefined ? '' : `; is it ${readableName(near)}?`
      return `unexpected: ${readableName(name)} ${shape(sizes)}${where}${hint}`
    }),
  ]
}

function wordsOfDtype(dtype: string): string {
  const kind = kindOfDtype(dtype)
  if (kind === 'unread-float') return 'a kind of floating point that is not supported'
  return kind === 'complex' ? 'complex numbers' : 'not floating point'
}

function firstOf<T>(all: readonly T[], kind: string, line: (one: T) => string): string[] {
  const lines = all.slice(0, SHOWN).map(line)
  return all.length > SHOWN ? [...lines, `and ${all.length - SHOWN} more ${kind}`] : lines
}

const ourName = ({ key, parameter }: Wanted): string =>
  key === parameter.name ? '' : ` (${readableName(parameter.name)})`

/** `std/tresnet.arch:14:10, in layer1 of specs/networks/tresnet.arch:22:3`. */
function placeInSpec(graph: Graph, { node }: Wanted): string {
  const { location, part: name } = node.provenance
  const part = graph.parts.find((part) => part.name === name)
  const inPart = part === undefined ? '' : `, in ${part.name} of ${formatPlace(part.location)}`
  return `${formatPlace(location)}${inPart}`
}

const formatPlace = ({ file, line, column }: Location): string => `${file}:${line}:${column}`

/** For each dotted beginning of an official name, the first parameter under it. */
function homesOfPrefixes(wanted: readonly Wanted[]): ReadonlyMap<string, Wanted> {
  const homes = new Map<string, Wanted>()
  for (const each of wanted) {
    const key = each.key.slice(0, PREFIX_LIMIT)
    for (let end = key.indexOf('.'); end !== -1; end = key.indexOf('.', end + 1)) {
      const prefix = key.slice(0, end)
      if (!homes.has(prefix)) homes.set(prefix, each)
    }
  }
  return homes
}

/** The parameter that shares the longest dotted beginning with the name. */
function homeOf(name: string, homes: ReadonlyMap<string, Wanted>): Wanted | undefined {
  let end = name.slice(0, PREFIX_LIMIT).lastIndexOf('.')
  while (end > 0) {
    const home = homes.get(name.slice(0, end))
    if (home !== undefined) return home
    end = name.lastIndexOf('.', end - 1)
  }
  return undefined
}

export interface BindOptions {
  /** Read the scales of `abn` as InPlaceABN does: |weight| + eps. */
  readonly inplaceAbn?: boolean
}

/** What `bindWeights` asks of who knows where the graph comes from. */
interface Advisor {
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
  if (options.inplaceAbn === true && graph.derived.length > 0)
    throw new Error('scales of InPlaceABN are read for a graph before passes derive parameters from them')
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
