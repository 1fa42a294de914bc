import { type Diagnostic, DiagnosticError } from '../diagnostics/diagnostic.ts'
import type { SourceHost } from '../project/load.ts'
import { existsSync, readdirSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, sep } from 'node:path'
import { diagnose } from '../diagnostics/diagnose.ts'
import type { Module } from '../parser/ast.ts'
import type { SourceFile } from '../source/source-file.ts'
import { errorCode, realPathOf, reasonOf, readRegularFile, decodeUtf8 } from './file-system.ts'
import { packageRoot, builtTree } from './package.ts'

/** A declaration begins its line in every file of the library. */
const BLOCK = /^block ([A-Za-z_]\w*)/gm

/**
 * Adds to each unknown name that the library has which import brings it. A compiler alone knows only what a program
 * imports; here the library's files are at hand.
 */
export function adviseImports(diagnostics: readonly Diagnostic[], host: SourceHost): readonly Diagnostic[] {
  if (!diagnostics.some(({ code }) => code === 'E0201')) return diagnostics
  const homes = libraryBlocks(host)
  return diagnostics.map((diagnostic) => {
    const name = unknownName(diagnostic)
    const home = name === undefined ? undefined : homes.get(name)
    if (name === undefined || home === undefined) return diagnostic
    return { ...diagnostic, help: `the library has it: \`import { ${name} } from "${home}"\`` }
  })
}

function unknownName({ code, span }: Diagnostic): string | undefined {
  return code === 'E0201' && span !== undefined ? span.file.text.slice(span.start, span.end) : undefined
}

/** Names of the library's blocks, and the modules that declare them. */
function libraryBlocks(host: SourceHost): ReadonlyMap<string, string> {
  const blocks = host.library().flatMap((path) => {
    const names = (host.read(path) ?? '').matchAll(BLOCK)
    return Array.from(names, ([, name = '']) => [name, path.replace(/\.arch$/, '')] as const)
  })
  // Where several modules declare a name, the first in the order of names is as good as any.
  return new Map(blocks.reverse())
}

/** The longest source, in bytes. The library's longest file is a hundredth of it. */
const MAX_SOURCE_BYTES = 1024 * 1024

const LIBRARY = 'std/'
/** What marks the root of a project, as other tools have it; `archc.json` is for a project with none of them. */
const ROOT_MARKS = ['package.json', '.git', 'archc.json']

/** Sources from the file system, confined to a project's root and the library, wherever links lead. */
export class FileHost implements SourceHost {
  constructor(private readonly root: string) {}

  identity(path: string): string {
    const { file } = this.place(path)
    try {
      return JSON.stringify([dirname(path), realPathOf(file, path)])
    } catch {
      // Where there is no such file, or none that may be read, reading it says so.
      return path
    }
  }

  read(path: string): string | undefined {
    const { base, file } = this.place(path)
    const real = confined(base, file, path)
    if (real === undefined) return undefined
    const request = { file: real, shown: path, wanted: 'a source', limit: MAX_SOURCE_BYTES }
    const bytes = readRegularFile(request)
    return bytes === undefined ? undefined : decodeUtf8(bytes, path)
  }

  private place(path: string): { base: string; file: string } {
    const inLibrary = path.startsWith(LIBRARY)
    const base = inLibrary ? libraryRoot() : this.root
    return { base, file: join(base, inLibrary ? path.slice(LIBRARY.length) : path) }
  }

  parsed(file: SourceFile): Module | undefined {
    if (file.path.startsWith(LIBRARY)) return builtTree(`specs/${file.path}`, file)
    return this.root === packageRoot() ? builtTree(file.path, file) : undefined
  }

  library(): readonly string[] {
    return readdirSync(libraryRoot(), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.arch'))
      .map((name) => LIBRARY + name.split(sep).join('/'))
      .sort()
  }
}

const libraryRoot = (): string => join(packageRoot(), 'specs/std')

/**
 * The real path of `file`; `undefined` where there is none.
 * @param leaves what to say where links lead out of `base`
 * @throws DiagnosticError E0905, or what `leaves` says; E0785
 */
export function confined(
  base: string,
  file: string,
  shown: string,
  leaves = (target: string): Diagnostic => diagnose('E0905', { path: shown }, { target }),
): string | undefined {
  const real = realPath(file, shown)
  if (real === undefined) return undefined
  const inside = relative(realPathOf(base, base), real)
  if (inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside))
    throw new DiagnosticError([leaves(real)])
  return real
}

function realPath(file: string, shown: string): string | undefined {
  try {
    return realPathOf(file, shown)
  } catch (error) {
    const code = errorCode(error)
    if (code === undefined) throw error
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw new DiagnosticError([diagnose('E0904', { path: shown }, { reason: reasonOf(code) })])
  }
}

/** A spec on disk: the host of its project, and its path there. `file` must exist. */
export function openProject(file: string): { host: SourceHost; entry: string } {
  const real = realPathOf(file, file)
  const root = projectRoot(dirname(real))
  const entry = relative(root, real).split(sep).join('/')
  // A project's own `std/` would be taken for the library; such a file is a project of its own.
  if (entry.startsWith(LIBRARY))
    return { host: new FileHost(dirname(real)), entry: entry.slice(entry.lastIndexOf('/') + 1) }
  return { host: new FileHost(root), entry }
}

/** The folder from which a spec in `start` may be read from. */
export function projectRoot(start: string): string {
  for (let folder = start; dirname(folder) !== folder; folder = dirname(folder))
    if (ROOT_MARKS.some((mark) => existsSync(join(folder, mark)))) return folder
  return start
}
