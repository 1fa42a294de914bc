import { existsSync, mkdirSync, realpathSync, type Stats } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { diagnose } from '../diagnostics/diagnose.ts'
import { DiagnosticError } from '../diagnostics/diagnostic.ts'
import { errorCode, kindOf, reasonOf, statOf } from '../runtime/files/file-system.ts'
import { besideName, withTemporary } from './temporary.ts'

export type Content = string | Uint8Array

/**
 * Writes a file: whole, or not at all. A link is followed; a device (`/dev/null`) is written to as it is.
 * @throws DiagnosticError E0901 for a folder, E0907
 */
export async function writeOutput(path: string, content: Content): Promise<void> {
  await reportingFaults(path, async () => {
    const target = realTarget(path)
    const stats = statOf(target)
    if (stats?.isDirectory()) throw notWanted(path, stats, 'the name of a file')
    if (stats !== undefined && !stats.isFile()) return writeFile(target, content)
    const beside = besideName(target)
    await withTemporary(beside, async () => {
      await writeFile(beside, content, { flag: 'wx' })
      await rename(beside, target)
    })
  })
}

/**
 * Makes a folder and those above it. Not by `recursive`, which never ends where the file system denies that the
 * folder above exists even while it does (/proc).
 */
export function makeFolder(path: string): void {
  // The slash asks for a folder: a file of that name is in the way.
  if (existsSync(`${path}/`) || dirname(path) === path) return
  makeFolder(dirname(path))
  mkdirSync(path)
}

/** Where writing to `path` ends up, links followed. */
export const realTarget = (path: string): string => (existsSync(path) ? realpathSync(path) : resolve(path))

export const notWanted = (path: string, stats: Stats, wanted: string): DiagnosticError =>
  new DiagnosticError([diagnose('E0901', { path }, { kind: kindOf(stats), wanted })])

/** Turns faults of the file system into diagnostics about `path`. */
export async function reportingFaults(path: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    const code = errorCode(error)
    if (code === undefined) throw error
    throw new DiagnosticError([diagnose('E0907', { path }, { reason: reasonOf(code) })])
  }
}
