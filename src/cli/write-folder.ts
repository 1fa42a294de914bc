import { existsSync, realpathSync, renameSync, statSync, type Stats } from 'node:fs'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { diagnose } from '../diagnostics/diagnose.ts'
import { DiagnosticError } from '../diagnostics/diagnostic.ts'
import { placeOf, unfit } from './output-place.ts'
import { besideName, withTemporary } from './temporary.ts'
import { makeFolder, notWanted, reportingFaults, type Content } from './write-output.ts'

export interface FolderPlan {
  /** As the user named it. */
  readonly folder: string
  /** Whether a folder that holds these may be replaced; an empty one always may. */
  readonly mayReplace: (entries: readonly string[], folder: string) => boolean
}

/**
 * Refuses a folder that is in the way. Called before a long computation, and again when it is written.
 * @throws DiagnosticError E0780, E0781, E0901, E0906
 */
export async function refuseFolder({ folder, mayReplace }: FolderPlan): Promise<void> {
  await reportingFaults(folder, async () => {
    const { path: target, stats } = folderPlace(folder)
    if (stats === undefined) return
    if (!stats.isDirectory()) throw notWanted(folder, stats, 'the name of a folder')
    if (!relative(realpathSync.native(target), realpathSync.native('.')).startsWith('..'))
      throw foreign(folder, 'the folder that you work in')
    const entries = (await readdir(target)).sort()
    if (entries.length > 0 && !mayReplace(entries, target)) throw foreign(folder, summary(entries))
  })
}

/** @throws DiagnosticError E0780, E0781 */
export function folderPlace(folder: string): { readonly path: string; readonly stats: Stats | undefined } {
  const place = placeOf(folder)
  if (place.kind === 'name') return place
  throw unfit(folder, statSync(folder))
}

const foreign = (path: string, holds: string): DiagnosticError =>
  new DiagnosticError([diagnose('E0906', { path }, { holds })])

function summary(entries: readonly string[]): string {
  const first = entries.slice(0, 3).map((name) => `\`${name}\``)
  const others = entries.length - first.length
  return first.join(', ') + (others > 0 ? ` and ${others} more` : '')
}

/**
 * Writes a folder: whole, or not at all.
 * @throws DiagnosticError E0780, E0781, E0901, E0906, E0907
 */
export async function writeFolder(plan: FolderPlan, files: ReadonlyMap<string, Content>): Promise<void> {
  await refuseFolder(plan)
  await reportingFaults(plan.folder, async () => {
    const { path: target } = folderPlace(plan.folder)
    makeFolder(dirname(target))
    const beside = besideName(target)
    await withTemporary(beside, async () => {
      await mkdir(beside)
      for (const [name, content] of files) await writeFile(join(beside, name), content, { flag: 'wx' })
      await swapIn(beside, target)
    })
  })
}

/** Both renames happen in one turn of the event loop, so that an interrupt finds the old folder or the new one. */
async function swapIn(beside: string, target: string): Promise<void> {
  if (!existsSync(target)) return renameSync(beside, target)
  const aside = besideName(`${target}.old`)
  renameSync(target, aside)
  try {
    renameSync(beside, target)
  } catch (error) {
    renameSync(aside, target)
    throw error
  }
  await withTemporary(aside, () => rm(aside, { recursive: true, force: true }))
}
