import { diagnose } from '../diagnostics/diagnose.ts'
import { DiagnosticError, type Diagnostic } from '../diagnostics/diagnostic.ts'
import { MAX_DIAGNOSTICS } from '../diagnostics/limits.ts'
import { nearest } from '../diagnostics/suggest.ts'
import type { Import, Module } from '../parser/ast.ts'
import { MAX_SOURCE_LENGTH } from '../parser/limits.ts'
import { parse } from '../parser/parse.ts'
import { createSourceFile } from '../source/source-file.ts'
import { locationOf, type Span } from '../source/span.ts'
import { resolveImport } from './resolve-import.ts'
import type { SourceHost } from './source-host.ts'

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
