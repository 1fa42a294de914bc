import { existsSync, mkdirSync, type Stats } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { diagnose } from '../diagnostics/diagnose.ts'
import { DiagnosticError } from '../diagnostics/diagnostic.ts'
import { errorCode, kindOf, reasonOf } from '../runtime/files/file-system.ts'
import { placeOf, writeDevice, writeOpen, type OutputPlace } from './output-place.ts'
import { besideName, withTemporary } from './temporary.ts'

export type Content = string | Uint8Array

/**
 * Refuses what is in the way of a file. Called before a long computation, and again when it is written.
 * @throws DiagnosticError E0780, E0781, E0901 for a folder, E0907
 */
export async function refuseOutput(path: string | undefined): Promise<void> {
  if (path !== undefined) await reportingFaults(path, () => void filePlace(path))
}

/**
 * Writes a file: whole, or not at all. A device (`/dev/null`) and what is open already (`/dev/stdout`) are written to as they
 * are.
 * @throws DiagnosticError E0780, E0781, E0901 for a folder, E0907
 */
export async function writeOutput(path: string, content: Content): Promise<void> {
  await reportingFaults(path, async () => {
    const place = filePlace(path)
    const bytes = Buffer.from(content)
    if (place.kind === 'device') return writeDevice(place.path, bytes)
    if (place.kind === 'descriptor') return writeOpen(place.descriptor, bytes)
    const beside = besideName(place.path)
    await withTemporary(beside, async () => {
      await writeFile(beside, bytes, { flag: 'wx' })
      await rename(beside, place.path)
    })
  })
}

function filePlace(path: string): OutputPlace {
  const place = placeOf(path)
  if (place.kind === 'name' && place.stats?.isDirectory() === true)
    throw notWanted(path, place.stats, 'the name of a file')
  return place
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

export const notWanted = (path: string, stats: Stats, wanted: string): DiagnosticError =>
  new DiagnosticError([diagnose('E0901', { path }, { kind: kindOf(stats), wanted })])

/** Turns faults of the file system into diagnostics about `path`. */
export async function reportingFaults(path: string, work: () => Promise<void> | void): Promise<void> {
  try {
    await work()
  } catch (error) {
    const code = errorCode(error)
    if (code === undefined) throw error
    throw new DiagnosticError([diagnose('E0907', { path }, { reason: reasonOf(code) })])
  }
}
