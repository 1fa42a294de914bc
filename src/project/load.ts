import { diagnose } from '../diagnostics/diagnose.ts'
import { DiagnosticError, type Diagnostic } from '../diagnostics/diagnostic.ts'
import { MAX_DIAGNOSTICS } from '../diagnostics/limits.ts'
import { nearest } from '../diagnostics/suggest.ts'
import type { Import, Module } from '../parser/ast.ts'
import { parse } from '../parser/parse.ts'
import { createSourceFile } from '../source/source-file.ts'
import { locationOf, type Span } from '../source/span.ts'
import { resolveImport } from './resolve-import.ts'
import type { SourceHost } from './source-host.ts'

/** The most files that one program may consist of. */
export const MAX_MODULES = 500

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

class Loader {
  readonly modules = new Map<string, Module>()
  readonly diagnostics: Diagnostic[] = []
  private readonly loading: string[] = []

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

  load(path: string, text: string): Module {
    const file = createSourceFile(path, text)
    const known = this.host.parsed?.(file)
    const { module, diagnostics } = known === undefined ? parse(file) : { module: known, diagnostics: [] }
    for (const diagnostic of diagnostics) this.report(diagnostic)
    this.loading.push(path)
    for (const declaration of module.imports) this.follow(declaration, path)
    this.loading.pop()
    this.modules.set(path, module)
    return module
  }

  private follow(declaration: Import, importer: string): void {
    const { from, fromSpan } = declaration
    const path = resolveImport(importer, from)
    if (path === undefined) {
      this.report(diagnose('E0206', fromSpan, { path: from }))
    } else if (this.loading.includes(path)) {
      const chain = [...this.loading.slice(this.loading.indexOf(path)), path]
      this.report(diagnose('E0207', fromSpan, { chain }))
    } else if (this.modules.size + this.loading.length >= MAX_MODULES) {
      if (!this.diagnostics.some(({ code }) => code === 'E0209'))
        this.report(diagnose('E0209', fromSpan, { limit: MAX_MODULES }))
    } else if (!this.modules.has(path) && this.diagnostics.length < MAX_DIAGNOSTICS) {
      this.read(path, declaration)
    }
  }

  private report(diagnostic: Diagnostic): void {
    if (this.diagnostics.length < MAX_DIAGNOSTICS) this.diagnostics.push(diagnostic)
  }

  private read(path: string, { from, fromSpan }: Import): void {
    const text = this.open(path, fromSpan)
    if (text === null) return
    if (text !== undefined) {
      this.load(path, text)
      return
    }
    const known = this.host.library().map((name) => name.replace(/\.arch$/, ''))
    this.report(diagnose('E0204', fromSpan, { path: from, nearest: nearest(from, known) }))
  }

  /** The text of an imported file, or null where the host says that it is none: then the import is named too. */
  private open(path: string, importedAt: Span): string | undefined | null {
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
