import { diagnose } from '../../diagnostics/diagnose.ts'
import { DiagnosticError } from '../../diagnostics/diagnostic.ts'
import { isIgnored, type NameMap } from '../names/name-map.ts'
import { isFloatFormat } from '../safetensors/dtype.ts'
import type { SafetensorsFile, TensorEntry } from '../safetensors/file.ts'
import type { Wanted } from './wanted.ts'

export interface Bound {
  readonly wanted: Wanted
  readonly entry: TensorEntry
}

/** What a checkpoint and a network have in common, and where they differ. */
export interface Comparison {
  readonly bound: readonly Bound[]
  readonly missing: readonly Wanted[]
  readonly misshapen: readonly Bound[]
  readonly integers: readonly Bound[]
  readonly unexpected: readonly TensorEntry[]
}

/** @throws DiagnosticError E0613 where the map gives two parameters one name */
export function compare(wanted: readonly Wanted[], file: SafetensorsFile, names: NameMap): Comparison {
  const known = byKey(wanted, names)
  const found = wanted.flatMap((wanted) => {
    const entry = file.tensors.get(wanted.key)
    return entry === undefined ? [] : [{ wanted, entry }]
  })
  return {
    bound: found.filter((pair) => isFloat(pair) && fits(pair)),
    missing: wanted.filter(({ key }) => !file.tensors.has(key)),
    misshapen: found.filter((pair) => isFloat(pair) && !fits(pair)),
    integers: found.filter((pair) => !isFloat(pair)),
    unexpected: [...file.tensors.values()].filter(({ name }) => !known.has(name) && !isIgnored(names, name)),
  }
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

/**
 * Sizes of 1 do not count: a linear layer's [O, I] is a 1x1 convolution's [O, I, 1, 1], and the [1, 1, k] of ECA's
 * one-dimensional convolution is [1, 1, k, 1], all with the values in the same order.
 */
const fits = ({ wanted, entry }: Bound): boolean => {
  const ours = wanted.shape.filter((size) => size !== 1)
  const theirs = entry.shape.filter((size) => size !== 1)
  return ours.length === theirs.length && ours.every((size, axis) => size === theirs[axis])
}
