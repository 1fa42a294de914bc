import { diagnose } from '../../diagnostics/diagnose.ts'
import { DiagnosticError } from '../../diagnostics/diagnostic.ts'
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
  new Naming(map).officialName(path, role)

export const isIgnored = (map: NameMap, key: string): boolean => new Naming(map).isIgnored(key)

/**
 * Characters that may be compared with the patterns of a map: 1000 names of 40 characters with 1000 patterns make 48
 * million. Our largest map has 20 patterns.
 */
const WORK_LIMIT = 50_000_000
/** What an attempt costs besides the characters of the name. */
const ATTEMPT = 8

/**
 * A map as it is applied to the names of one network or one file. Each name is tried with each pattern, which a map of
 * many patterns and a file of many names could draw out for minutes: the work is counted and bounded.
 */
export class Naming {
  private work = 0
  private readonly paths = new Map<string, string>()
  private readonly ignored = new Map<string, boolean>()

  constructor(
    private readonly map: NameMap,
    private readonly limit = WORK_LIMIT,
  ) {}

  /** @throws DiagnosticError E0652 */
  officialName(path: string, role: string): string {
    let official = this.paths.get(path)
    if (official === undefined) {
      this.spend(this.map.rules.length, path, 'rules')
      official = this.officialPath(path)
      this.paths.set(path, official)
    }
    // A template can repeat what it captured: what it writes counts too.
    this.spend(1, official, 'rules')
    return `${official}.${role}`
  }

  /** @throws DiagnosticError E0652 */
  isIgnored(key: string): boolean {
    const known = this.ignored.get(key)
    if (known !== undefined) return known
    this.spend(this.map.ignore.length, key, 'ignore')
    const ignored = this.map.ignore.some((glob) => matchGlob(glob, key))
    this.ignored.set(key, ignored)
    return ignored
  }

  private officialPath(path: string): string {
    const parts = path.split('.')
    for (const { from, to } of this.map.rules) {
      const captured = matchPattern(from, parts)
      const official = captured === undefined ? undefined : expand(to, captured)
      if (official !== undefined) return official
    }
    return path
  }

  private spend(attempts: number, name: string, list: 'rules' | 'ignore'): void {
    this.work += attempts * (ATTEMPT + name.length)
    if (this.work <= this.limit) return
    const facts = { list, patterns: this.map[list].length }
    throw new DiagnosticError([diagnose('E0652', { path: this.map.path }, facts)])
  }
}
