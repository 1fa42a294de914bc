import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  realpathSync,
  writeSync,
  type Stats,
} from 'node:fs'
import { dirname, isAbsolute, join, relative } from 'node:path'
import { diagnose } from '../diagnostics/diagnose.ts'
import { DiagnosticError } from '../diagnostics/diagnostic.ts'
import { errorCode, isUndecoded, kindOf, statOf } from '../runtime/files/file-system.ts'

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
export function writeDevice(path: string, bytes: Uint8Array): void {
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
