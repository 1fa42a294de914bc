import type { Module } from '../parser/ast.ts'
import type { SourceFile } from '../source/source-file.ts'

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
