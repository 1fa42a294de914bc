import type { Module, Import } from '../parser/ast.ts'
import { type SourceFile, createSourceFile } from '../source/source-file.ts'
import { diagnose, MAX_DIAGNOSTICS } from '../diagnostics/diagnose.ts'
import { DiagnosticError, type Diagnostic } from '../diagnostics/diagnostic.ts'
import { nearest } from '../diagnostics/suggest.ts'
import { MAX_SOURCE_LENGTH } from '../parser/limits.ts'
import { parse } from '../parser/parse.ts'
import { locationOf, type Span } from '../source/span.ts'

/**
 * Where sources come from. The core never opens files: the command line gives it a host over the file system,
 * a browser one over memory. Paths are relative to the project root, with `/`; library files begin with `std/`.
 */
export interface SourceHost {
  /** The text of a file; `undefined` when there is none. Throws `DiagnosticError` for one that cannot be a source. */
  read(path: string): string | undefined
  /**
   * The same for two paths that lead to one file, in one folder so that its imports mean the same: the file is then
   * read once. Without it, every path is a file of its own.
   */
  identity?(path: string): string
  /** The syntax tree of a file that was read, where the host has it from before; without, the text is parsed. */
  parsed?(file: SourceFile): Module | undefined
  /** Library paths, for suggestions. */
  library(): readonly string[]
}

const EXTENSION = '.arch'

/**
 * The path of an imported file, relative to the project root (or below `std/` for the library), or `undefined`
 * where the import would leave the root. Works on names only; a host also checks where links really lead.
 */
export function resolveImport(importer: string, from: string): string | undefined {
  if (/[\0\\:]/.test(from) || from.startsWith('/')) return undefined
  const file = from.endsWith(EXTENSION) ? from : from + EXTENSION
  if (file.startsWith('std/')) return stayingWithin('std', file.slice('std/'.length))
  const root = importer.startsWith('std/') ? 'std' : ''
  const folder = importer.split('/').slice(root === '' ? 0 : 1, -1)
  return stayingWithin(root, [...folder, file].join('/'))
}

/** `root/path` with `.` and `..` resolved; `undefined` if it would step above the root. */
function stayingWithin(root: string, path: string): string | undefined {
  const segments: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '..' && segments.pop() === undefined) return undefined
    if (segment !== '' && segment !== '.' && segment !== '..') segments.push(segment)
  }
  if (root !== '') return [root, ...segments].join('/')
  // A project's own folder `std` must not be taken for the library.
  return (segments[0] === 'std' ? ['.', ...segments] : segments).join('/')
}

/** The most files that one program may consist of. */
export const MAX_MODULES = 500

/**
 * Characters of all files of a program together. Time and memory grow with them, whichever files they stand in, so that it
 * is little more than the largest file: what is left beside that has room for the whole library three times.
 */
export const MAX_PROGRAM_LENGTH = MAX_SOURCE_LENGTH + (1 << 17)

/** A file and everything that it imports, parsed. */
export interface Program {
  /** By path, the way `Module.file.path` spells it; imported modules come before their importers. */
  readonly modules: ReadonlyMap<string, Module>
  readonly entry: Module
  /** Modules beside what the entry imports, whose names a caller may use. */
  readonly library: readonly string[]
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Reads and parses `entry` and, through its imports, all it needs; `library` names further modules to have at hand.
 * @throws DiagnosticError when the host cannot read the entry itself as a source.
 */
export function loadProgram(entry: string, host: SourceHost, library: readonly string[] = []): Program {
  const loader = new Loader(host)
  const text = host.read(entry)
  const module = text === undefined ? loader.missingEntry(entry) : loader.load(entry, text)
  for (const path of library) loader.also(path)
  return { modules: loader.modules, entry: module, library, diagnostics: loader.diagnostics }
}

/** A file whose imports are being followed. */
interface Opened {
  readonly path: string
  readonly identity: string
  readonly module: Module
  /** Those of its imports that are still to be followed, the next one last. */
  readonly imports: Import[]
}

class Loader {
  readonly modules = new Map<string, Module>()
  readonly diagnostics: Diagnostic[] = []
  /** What was read, by the file that it is: a file may have several names. */
  private readonly read = new Map<string, Module>()
  /** From the entry to the file whose imports are being followed: a list, because a recursion would need the stack. */
  private readonly loading: Opened[] = []
  private length = 0

  constructor(private readonly host: SourceHost) {}

  missingEntry(path: string): Module {
    this.diagnostics.push(diagnose('E0204', { path }, { path, nearest: undefined }))
    const file = createSourceFile(path, '')
    return { kind: 'module', file, imports: [], declarations: [], span: { file, start: 0, end: 0 } }
  }

  also(path: string): void {
    const text = this.modules.has(path) ? undefined : this.host.read(path)
    if (text !== undefined) this.load(path, text)
  }

  /** Reads a file and all that it imports; imported modules are complete before their importers. */
  load(path: string, text: string): Module {
    const module = this.begin(path, text)
    for (let top = this.loading.at(-1); top !== undefined; top = this.loading.at(-1)) {
      const next = top.imports.pop()
      if (next !== undefined) this.follow(next, top.path)
      else this.finish()
    }
    return module
  }

  private begin(path: string, text: string): Module {
    const file = createSourceFile(path, text)
    const known = this.host.parsed?.(file)
    const { module, diagnostics } = known === undefined ? parse(file) : { module: known, diagnostics: [] }
    for (const diagnostic of diagnostics) this.report(diagnostic)
    this.length += text.length
    this.loading.push({
      path,
      identity: this.identityOf(path),
      module,
      imports: [...module.imports].reverse(),
    })
    return module
  }

  private finish(): void {
    const done = this.loading.pop()
    if (done === undefined) return
    this.modules.set(done.path, done.module)
    this.read.set(done.identity, done.module)
  }

  private identityOf(path: string): string {
    return this.host.identity?.(path) ?? path
  }

  private follow(declaration: Import, importer: string): void {
    const { from, fromSpan } = declaration
    const path = resolveImport(importer, from)
    if (path === undefined) this.report(diagnose('E0206', fromSpan, { path: from }))
    else if (!this.modules.has(path) && this.diagnostics.length < MAX_DIAGNOSTICS)
      this.open(path, declaration)
  }

  private open(path: string, declaration: Import): void {
    const { fromSpan } = declaration
    const identity = this.identityOf(path)
    const same = this.read.get(identity)
    const cycle = this.loading.findIndex((one) => one.path === path || one.identity === identity)
    if (cycle !== -1) {
      const chain = [...this.loading.slice(cycle).map((one) => one.path), path]
      this.report(diagnose('E0207', fromSpan, { chain }))
    } else if (this.modules.size + this.loading.length >= MAX_MODULES)
      this.reportOnce(diagnose('E0209', fromSpan, { limit: MAX_MODULES }))
    else if (same !== undefined) this.modules.set(path, same)
    else this.readImported(path, declaration)
  }

  private readImported(path: string, { from, fromSpan }: Import): void {
    const text = this.textOf(path, fromSpan)
    if (text === null) return
    if (text === undefined) {
      const known = this.host.library().map((name) => name.replace(/\.arch$/, ''))
      this.report(diagnose('E0204', fromSpan, { path: from, nearest: nearest(from, known) }))
    } else if (this.length + text.length > MAX_PROGRAM_LENGTH)
      this.reportOnce(diagnose('E0551', fromSpan, { limit: MAX_PROGRAM_LENGTH }))
    else this.begin(path, text)
  }

  private report(diagnostic: Diagnostic): void {
    if (this.diagnostics.length < MAX_DIAGNOSTICS) this.diagnostics.push(diagnostic)
  }

  /** What goes beyond a limit of the whole program is one mistake, however many imports do. */
  private reportOnce(diagnostic: Diagnostic): void {
    if (!this.diagnostics.some(({ code }) => code === diagnostic.code)) this.report(diagnostic)
  }

  /** The text of an imported file, or null where the host says that it is none: then the import is named too. */
  private textOf(path: string, importedAt: Span): string | undefined | null {
    try {
      return this.host.read(path)
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error
      const { file, line, column } = locationOf(importedAt)
      const note = `imported at ${file}:${line}:${column}`
      for (const diagnostic of error.diagnostics)
        this.report({ ...diagnostic, notes: [...diagnostic.notes, note] })
      return null
    }
  }
}
