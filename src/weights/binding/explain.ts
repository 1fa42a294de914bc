import { nearest } from '../../diagnostics/suggest.ts'
import type { Graph } from '../../ir/graph.ts'
import type { Location } from '../../source/span.ts'
import { readableName, readableShape } from '../readable.ts'
import { kindOfDtype } from '../safetensors/dtype.ts'
import type { Comparison } from './compare.ts'
import type { Wanted } from './wanted.ts'

/** Names shown of each kind of difference. */
const SHOWN = 20
/** Missing names that an unexpected one is compared with. */
const CANDIDATES = 1000
/** A name of megabytes full of dots would take quadratic time; no official prefix is so long. */
const PREFIX_LIMIT = 1000

/** What a user is told where a prefix was left out. */
export const withoutPrefix = (prefix: string): string =>
  `all names of the file begin with \`${readableName(prefix)}\`, which a wrapper added: it is left out`

/** One line for each name that does not fit, with the line of the spec that it belongs to. */
export function explainDifferences(graph: Graph, compared: Comparison, wanted: readonly Wanted[]): string[] {
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
