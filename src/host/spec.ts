import { join } from 'node:path'
import { diagnose } from '../diagnostics/diagnose.ts'
import { DiagnosticError } from '../diagnostics/diagnostic.ts'
import { nearest } from '../diagnostics/suggest.ts'
import type { SourceHost } from '../project/load.ts'
import { builtIns, findBuiltIn, type BuiltIn } from './built-ins.ts'
import { FileHost, openProject } from './file-host.ts'
import { isUndecoded, kindOf, statOf } from './file-system.ts'
import { packageRoot } from './package.ts'

/** Where a network is written. */
export interface Spec {
  readonly host: SourceHost
  /** Path of the file in the host. */
  readonly entry: string
  /** Where the file is on disk, for what lies beside it. */
  readonly file: string
  /** The network that the user named; absent when a file was named. */
  readonly network?: string
}

/**
 * What the user means by NET|SPEC. A bare name is a built-in network first, a file second; anything with a slash
 * or the extension `.arch` is a file.
 * @throws DiagnosticError E0900, E0901
 */
export function findSpec(target: string): Spec {
  const builtIn = isPath(target) ? undefined : findBuiltIn(target)
  if (builtIn !== undefined) return builtInSpec(builtIn)
  const stats = statOf(target)
  if (stats === undefined) throw unknown(target)
  // Other kinds are refused where the file is read.
  if (stats.isDirectory())
    throw new DiagnosticError([
      diagnose('E0901', { path: target }, { kind: kindOf(stats), wanted: 'an .arch file' }),
    ])
  return { ...openProject(target), file: target }
}

export const isPath = (target: string): boolean => /[/\\]|\.arch$/.test(target)

function builtInSpec({ name, file }: BuiltIn): Spec {
  const root = packageRoot()
  return { host: new FileHost(root), entry: file, file: join(root, file), network: name }
}

function unknown(target: string): DiagnosticError {
  if (isUndecoded(target)) return new DiagnosticError([diagnose('E0785', { path: target }, {})])
  const candidates = isPath(target) ? [] : builtIns().map(({ name }) => name)
  const facts = { name: target, nearest: nearest(target, candidates) }
  return new DiagnosticError([diagnose('E0900', { path: target }, facts)])
}
