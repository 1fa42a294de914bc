import { diagnose } from '../../diagnostics/diagnose.ts'
import { DiagnosticError } from '../../diagnostics/diagnostic.ts'
import { Naming, type NameMap } from '../names/name-map.ts'
import { isFloatFormat } from '../safetensors/dtype.ts'
import type { Checkpoint, TensorEntry } from '../safetensors/file.ts'
import { holds } from './same-layer.ts'
import type { Wanted } from './wanted.ts'
import { unwrap } from './wrapper-prefix.ts'

export interface Bound {
  readonly wanted: Wanted
  readonly entry: TensorEntry
}

/** What a checkpoint and a network have in common, and where they differ. */
export interface Comparison {
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
export function compare(wanted: readonly Wanted[], file: Checkpoint, names: NameMap): Comparison {
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
export const isComplete = ({ missing, misshapen, unread, unexpected }: Comparison): boolean =>
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
export function otherRows(compared: Comparison): Rows | undefined {
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
