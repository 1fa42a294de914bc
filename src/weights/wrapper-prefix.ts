import type { Naming } from './name-map.ts'
import type { Checkpoint, TensorEntry } from './safetensors/read.ts'
import type { Wanted } from './wanted.ts'

/** Longer beginnings, or of more parts, are no wrapper's. */
const LONGEST = 200
const MOST_PARTS = 16
/** Beginnings that are tried for a hint. */
const MOST_HINTS = 8

/** A checkpoint whose names may be the network's behind a beginning that a wrapper put before all of them. */
interface Unwrapped {
  /** `module.`, `module._orig_mod.`; empty where the names are the network's own, or are nothing like them. */
  readonly prefix: string
  /** By the names without the prefix; entries keep the name that the file has. */
  readonly tensors: ReadonlyMap<string, TensorEntry>
}

/**
 * `DataParallel` writes `module.` before each name, `torch.compile` `_orig_mod.`, Lightning and others the attribute
 * that holds the network. Such a prefix is left out where every name of the file carries it, ignored ones aside, and
 * more of the network's names are found without it than with it.
 */
export function unwrap(wanted: readonly Wanted[], file: Checkpoint, naming: Naming): Unwrapped {
  const names = [...file.tensors.keys()].filter((name) => !naming.isIgnored(name))
  let prefix = ''
  let most = foundBehind('', wanted, file)
  for (const candidate of beginnings(commonStart(names))) {
    const found = foundBehind(candidate, wanted, file)
    if (found > most) [prefix, most] = [candidate, found]
  }
  if (prefix === '') return { prefix, tensors: file.tensors }
  const inside = [...file.tensors].filter(([name]) => name.startsWith(prefix))
  return { prefix, tensors: new Map(inside.map(([name, entry]) => [name.slice(prefix.length), entry])) }
}

const foundBehind = (prefix: string, wanted: readonly Wanted[], file: Checkpoint): number =>
  wanted.filter(({ key }) => file.tensors.has(prefix + key)).length

/** The longest beginning that all have. */
function commonStart(names: readonly string[]): string {
  let [start = ''] = names
  start = start.slice(0, LONGEST)
  for (const name of names) {
    let length = 0
    while (length < start.length && start[length] === name[length]) length++
    start = start.slice(0, length)
  }
  return start
}

/** `a.`, `a.b.` of `a.b.c`: where a name may go on. */
function beginnings(start: string): readonly string[] {
  const parts = start.split('.').slice(0, -1).slice(0, MOST_PARTS)
  return parts.map((_, index) => `${parts.slice(0, index + 1).join('.')}.`)
}

/**
 * The beginning behind which all of the network's names lie, where other names of the file do not carry it: for a hint
 * at what to do.
 */
export function prefixAmongOthers(wanted: readonly Wanted[], file: Checkpoint): string | undefined {
  const [first] = wanted
  if (first === undefined) return undefined
  const ending = `.${first.key}`
  const prefixes = [...file.tensors.keys()]
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -first.key.length))
    .filter(({ length }) => length <= LONGEST)
  return prefixes.slice(0, MOST_HINTS).find((prefix) => foundBehind(prefix, wanted, file) === wanted.length)
}
