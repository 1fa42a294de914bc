import { matchGlob, type Glob } from './glob.ts'
import { matchPattern, type Pattern } from './pattern.ts'
import { expand, type Template } from './template.ts'

export interface Rule {
  readonly from: Pattern
  readonly to: Template
}

/**
 * How a family's official code names what the spec names otherwise; a file of `specs/names/`. The first rule that
 * matches an operator's path gives the official one; without any, it keeps its own.
 */
export interface NameMap {
  /** The file it was read from, for diagnostics. */
  readonly path: string
  readonly rules: readonly Rule[]
  /** Official names that are no parameters of ours. */
  readonly ignore: readonly Glob[]
}

/** For networks without a map. Counters of batches mean nothing to a network that runs. */
export const sameNames: NameMap = { path: 'same names', rules: [], ignore: [['', '.num_batches_tracked']] }

/** The official name of a parameter, given the path of its operator and its role (`weight`, `running_mean` ...). */
export const officialName = (map: NameMap, path: string, role: string): string =>
  `${officialPath(map, path)}.${role}`

function officialPath(map: NameMap, path: string): string {
  for (const { from, to } of map.rules) {
    const captured = matchPattern(from, path)
    const official = captured === undefined ? undefined : expand(to, captured)
    if (official !== undefined) return official
  }
  return path
}

export const isIgnored = (map: NameMap, key: string): boolean =>
  map.ignore.some((glob) => matchGlob(glob, key))
