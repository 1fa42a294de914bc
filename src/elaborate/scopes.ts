import { diagnose, MAX_DIAGNOSTICS } from '../diagnostics/diagnose.ts'
import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { nearest } from '../diagnostics/suggest.ts'
import type { Declaration, Import, Module } from '../parser/ast.ts'
import { resolveImport, type Program } from '../project/load.ts'

/** A declaration together with the module whose names its body sees. */
export interface Declared {
  readonly declaration: Declaration
  readonly scope: ModuleScope
}

/** What the top-level names of one file mean. */
export interface ModuleScope {
  readonly module: Module
  readonly names: ReadonlyMap<string, Declared>
  /** Names that the file imports, found or not. */
  readonly imported: ReadonlySet<string>
  /**
   * Names that are not unknown although they lead nowhere: what the parser could not read seems to declare or
   * import them, and that mistake was reported there.
   */
  readonly lost: ReadonlySet<string>
}

interface Scopes {
  readonly entry: ModuleScope
  readonly all: ReadonlyMap<string, ModuleScope>
  readonly diagnostics: readonly Diagnostic[]
}

/** Resolves declarations and imports of every module; reports duplicates and imports of nothing. */
export function resolveScopes(program: Program): Scopes {
  const diagnostics: Diagnostic[] = []
  const all = new Map<string, ModuleScope>()
  const unreadable = new Set(program.diagnostics.map(({ span }) => span?.file))
  const known = new Map<Module, ModuleScope>()
  for (const [path, module] of program.modules) {
    const same = known.get(module)
    if (same !== undefined) {
      all.set(path, same)
      continue
    }
    const lost = unreadable.has(module.file) ? mentionedIn(module.file.text) : new Set<string>()
    const scope = scopeOf(module, lost, all, diagnostics)
    all.set(path, scope)
    known.set(module, scope)
  }
  const entry = all.get(program.entry.file.path) ?? scopeOf(program.entry, new Set(), all, diagnostics)
  return { entry, all, diagnostics }
}

function scopeOf(
  module: Module,
  lost: ReadonlySet<string>,
  loaded: ReadonlyMap<string, ModuleScope>,
  diagnostics: Diagnostic[],
): ModuleScope {
  const names = new Map<string, Declared>()
  const imported = new Set(module.imports.flatMap((one) => one.names.map(({ text }) => text)))
  const scope = { module, names, imported, lost }
  for (const declaration of module.imports) importNames(declaration, scope, loaded, names, diagnostics)
  for (const declaration of module.declarations) {
    const { text, span } = declaration.name
    const earlier = names.get(text)
    if (earlier !== undefined) {
      const first = { span: earlier.declaration.name.span, text: 'first here' }
      add(diagnostics, diagnose('E0203', span, { name: text, what: declaration.kind }, { labels: [first] }))
    } else {
      names.set(text, { declaration, scope })
    }
  }
  return scope
}

function importNames(
  { names: wanted, from }: Import,
  importer: { module: Module },
  loaded: ReadonlyMap<string, ModuleScope>,
  names: Map<string, Declared>,
  diagnostics: Diagnostic[],
): void {
  const path = resolveImport(importer.module.file.path, from)
  const source = path === undefined ? undefined : loaded.get(path)
  for (const { text, span } of wanted) {
    const found = source?.names.get(text)
    if (found !== undefined && names.has(text)) {
      add(diagnostics, diagnose('E0203', span, { name: text, what: 'import' }))
    } else if (found !== undefined) {
      names.set(text, found)
    } else if (source !== undefined && !source.lost.has(text) && diagnostics.length < MAX_DIAGNOSTICS) {
      const facts = { name: text, path: from, nearest: nearest(text, source.names.keys()) }
      diagnostics.push(diagnose('E0205', span, facts))
    }
  }
}

function add(diagnostics: Diagnostic[], diagnostic: Diagnostic): void {
  if (diagnostics.length < MAX_DIAGNOSTICS) diagnostics.push(diagnostic)
}

/** Names that a text seems to declare or import, read without the parser. */
function mentionedIn(text: string): ReadonlySet<string> {
  const declared = [...text.matchAll(/\b(?:block|network)\s+([A-Za-z_]\w*)/g)].map((match) => match[1] ?? '')
  const imports = [...text.matchAll(/^[ \t]*import\b([^"\n]*)/gm)]
  return new Set([...declared, ...imports.flatMap((match) => match[1]?.match(/[A-Za-z_]\w*/g) ?? [])])
}
