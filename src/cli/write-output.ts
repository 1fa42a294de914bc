import { randomBytes } from 'node:crypto'
import {
  rmSync,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  realpathSync,
  writeSync,
  type Stats,
  existsSync,
  mkdirSync,
  renameSync,
  statSync,
} from 'node:fs'
import { dirname, isAbsolute, join, relative } from 'node:path'
import { diagnose } from '../diagnostics/diagnose.ts'
import { DiagnosticError } from '../diagnostics/diagnostic.ts'
import { errorCode, isUndecoded, kindOf, statOf, reasonOf } from '../host/file-system.ts'
import { rename, writeFile, mkdir, readdir, rm } from 'node:fs/promises'

/** The signals that end a process by default, and the exit status that shells give each: 128 + number. */
const statusOf = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

const unfinished = new Set<string>()

/**
 * A name for what will replace `target` once it is whole: beside it, so that a rename is all it takes. Nobody can guess it
 * and have something there already, which would be taken away with what is unfinished.
 */
export const besideName = (target: string): string => `${target}.${randomBytes(8).toString('hex')}.tmp`

/**
 * Lets `work` make `path` and removes whatever is left there afterwards, also when the user interrupts.
 * While nothing is unfinished no handler is set, so that an interrupt ends even a long computation at once.
 */
export async function withTemporary<T>(path: string, work: () => Promise<T>): Promise<T> {
  if (unfinished.size === 0) for (const signal of signals) process.on(signal, abandon)
  unfinished.add(path)
  try {
    return await work()
  } finally {
    remove(path)
    unfinished.delete(path)
    if (unfinished.size === 0) for (const signal of signals) process.off(signal, abandon)
  }
}

function abandon(signal: keyof typeof statusOf): void {
  for (const path of unfinished) remove(path)
  process.exit(statusOf[signal])
}

function remove(path: string): void {
  rmSync(path, { recursive: true, force: true })
}

/** What the user calls the process's own outputs; whatever is open there is written to as it is. */
const OPEN = /^\/dev\/(?:std(out|err)|fd\/(\d{1,4}))$|^\/proc\/self\/fd\/(\d{1,4})$/

/** Where what the user named is written to. */
export type OutputPlace =
  /** A name that is free, or that of a regular file or a folder: what replaces it is written beside it, and renamed. */
  | { readonly kind: 'name'; readonly path: string; readonly stats: Stats | undefined }
  /** A device such as /dev/null, opened without waiting. */
  | { readonly kind: 'device'; readonly path: string }
  /** An output that is open already. */
  | { readonly kind: 'descriptor'; readonly descriptor: number }

/**
 * Looks at what lies where something is to be written. A link is followed to something in its own folder or below, and no
 * further: others may have planted it. Only the last name of a path is looked at; the folders before it are the user's.
 * @throws DiagnosticError E0780 for a link that leads elsewhere or nowhere, E0781 for a named pipe and its like, E0785
 */
export function placeOf(named: string): OutputPlace {
  // With a slash behind it, a link is not seen: what it leads to is.
  const path = withoutSlashes(named)
  // What the command line could not decode would become another name.
  if (isUndecoded(path)) throw new DiagnosticError([diagnose('E0785', { path }, {})])
  const descriptor = openDescriptor(path)
  if (descriptor !== undefined) return { kind: 'descriptor', descriptor }
  const own = lstatOf(path)
  if (own?.isSymbolicLink() === true) return { kind: 'name', ...followed(path) }
  if (own?.isCharacterDevice() === true) return { kind: 'device', path }
  if (own !== undefined && !own.isFile() && !own.isDirectory()) throw unfit(path, own)
  return { kind: 'name', path, stats: own }
}

function withoutSlashes(path: string): string {
  let end = path.length
  while (end > 1 && path[end - 1] === '/') end--
  return path.slice(0, end)
}

/** `lstat`, or `undefined` where nothing has the name. @throws what the file system says otherwise */
export function lstatOf(path: string): Stats | undefined {
  try {
    return path.includes('\0') ? undefined : lstatSync(path)
  } catch (error) {
    const code = errorCode(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw error
  }
}

function openDescriptor(path: string): number | undefined {
  const [all, std, ...numbers] = OPEN.exec(path) ?? []
  if (all === undefined) return undefined
  return std === undefined ? Number(numbers.join('')) : std === 'out' ? 1 : 2
}

function followed(path: string): { readonly path: string; readonly stats: Stats } {
  const stats = statOf(path)
  if (stats === undefined) throw leaving(path, undefined)
  const target = realpathSync.native(path)
  const inside = relative(realpathSync.native(dirname(path)), target)
  if (inside.startsWith('..') || isAbsolute(inside)) throw leaving(path, target)
  if (!stats.isFile() && !stats.isDirectory()) throw unfit(path, stats)
  // As the user wrote the folder: its real path may have bytes that no text holds.
  return { path: join(dirname(path), inside), stats }
}

const leaving = (path: string, target: string | undefined): DiagnosticError =>
  new DiagnosticError([diagnose('E0780', { path }, { target })])

export const unfit = (path: string, stats: Stats): DiagnosticError =>
  new DiagnosticError([diagnose('E0781', { path }, { kind: kindOf(stats) })])

/** Writes to a device without waiting for one that takes nothing. */
export function writeToDevice(path: string, bytes: Uint8Array): void {
  const { O_WRONLY, O_NONBLOCK, O_NOFOLLOW, O_NOCTTY } = constants
  const descriptor = openSync(path, O_WRONLY | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY)
  try {
    const stats = fstatSync(descriptor)
    if (!stats.isCharacterDevice()) throw unfit(path, stats)
    writeAll(descriptor, bytes)
  } finally {
    closeSync(descriptor)
  }
}

/** Writes to what is open, as `print` does: a reader that has left is no fault. */
export function writeOpen(descriptor: number, bytes: Uint8Array): void {
  if (descriptor === 1) return void process.stdout.write(bytes)
  if (descriptor === 2) return void process.stderr.write(bytes)
  try {
    writeAll(descriptor, bytes)
  } catch (error) {
    if (errorCode(error) !== 'EPIPE') throw error
  }
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at)
}

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
    if (place.kind === 'device') return writeToDevice(place.path, bytes)
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
