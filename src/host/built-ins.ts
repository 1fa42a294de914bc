import { readdirSync, readFileSync, existsSync } from 'node:fs'
import { join, dirname } from 'node:path'
import { packageRoot } from './package.ts'
import { diagnose } from '../diagnostics/diagnose.ts'
import { DiagnosticError } from '../diagnostics/diagnostic.ts'
import { confined, projectRoot } from './file-host.ts'
import { realPathOf, readTextInput, readRegularFile, decodeUtf8 } from './file-system.ts'
import type { Device } from '../analysis/devices/device.ts'
import { DEVICE_TEXT_LIMIT, readDevice, trustedDevice } from '../analysis/devices/read-device.ts'
import { nearest } from '../diagnostics/suggest.ts'

/** A network that comes with archc. */
export interface BuiltIn {
  readonly name: string
  /** Relative to the package's root. */
  readonly file: string
  /** Whether others of its file are variants of it; it may then want arguments and is no published network itself. */
  readonly isFamily: boolean
}

const NETWORKS_FOLDER = 'specs/networks'
/** A declaration begins its line in every file there; parsing them all would double the time of a start. */
const KEYWORD = 'network '
const DECLARATION = /^network\s+([A-Za-z_]\w*)(?:\s*=\s*([A-Za-z_]\w*))?/

/** The networks of the package in order of name. */
export function builtIns(): readonly BuiltIn[] {
  return networkFiles()
    .flatMap(declaredIn)
    .sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }))
}

/** Those that `archc networks` lists. */
export const published = (): readonly BuiltIn[] => builtIns().filter(({ isFamily }) => !isFamily)

/** The network of that name. Files that are called like it are looked at first: most often one read suffices. */
export function findBuiltIn(name: string): BuiltIn | undefined {
  const likeness = new Map(
    networkFiles().map((file) => [file, commonStart(name, file.slice(NETWORKS_FOLDER.length + 1))]),
  )
  for (const [file] of [...likeness].sort(([, a], [, b]) => b - a)) {
    const found = declaredIn(file).find((builtIn) => builtIn.name === name)
    if (found !== undefined) return found
  }
  return undefined
}

const networkFiles = (): string[] =>
  readdirSync(join(packageRoot(), NETWORKS_FOLDER))
    .filter((name) => name.endsWith('.arch'))
    .map((name) => `${NETWORKS_FOLDER}/${name}`)

function commonStart(a: string, b: string): number {
  let length = 0
  while (length < a.length && a[length] === b[length]) length++
  return length
}

function declaredIn(file: string): BuiltIn[] {
  const lines = readFileSync(join(packageRoot(), file), 'utf8').split('\n')
  const declarations = lines
    .filter((line) => line.startsWith(KEYWORD))
    .map((line) => DECLARATION.exec(line) ?? [])
  const families = new Set(declarations.map(([, , base]) => base))
  return declarations.map(([, name = '']) => ({ name, file, isFamily: families.has(name) }))
}

const MAX_BYTES = 4 * 1024 * 1024

/** A kind of JSON file that specs refer to by name. */
interface DataKind {
  /** As a message calls one. */
  readonly what: string
  /** Relative to the package's root. */
  readonly folder: string
}

export const NAME_MAPS: DataKind = { what: 'name map', folder: 'specs/names' }
export const LABELS: DataKind = { what: 'list of labels', folder: 'specs/labels' }

export interface DataFile {
  readonly path: string
  readonly text: string
}

/**
 * The file that `metadata(names: ..., labels: ...)` of a spec names: `NAME.json` beside the spec, or archc's own.
 * @throws DiagnosticError E0905, E0909, and those of reading
 */
export function readDataFile(kind: DataKind, name: string, spec: string): DataFile {
  const own = join(packageRoot(), kind.folder)
  // A spec names files, it does not reach for them: no path, nothing outside these two folders.
  const folders = /^[\w-]{1,100}$/.test(name) ? [dirname(spec), own] : []
  const folder = folders.find((candidate) => existsSync(join(candidate, `${name}.json`)))
  if (folder === undefined) throw new DiagnosticError([unknown(kind, name, own, spec)])
  const path = join(folder, `${name}.json`)
  // Links may lead to other files of the same project, and to no others.
  confined(projectRoot(realPathOf(folder, folder)), path, path)
  return readDataPath(kind, path)
}

/** A file that the user named by its path. */
export const readDataPath = ({ what }: DataKind, path: string): DataFile => ({
  path,
  text: readTextInput({ file: path, wanted: `a ${what}`, limit: MAX_BYTES }),
})

function unknown({ what }: DataKind, name: string, own: string, spec: string) {
  const known = readdirSync(own).map((file) => file.replace(/\.json$/, ''))
  return diagnose('E0909', { path: spec }, { what, name, known })
}

const DEVICES_FOLDER = 'specs/devices'
const NAME = /^[a-z][a-z0-9_]{0,39}$/

/** The devices that come with archc, in order of name. */
export const deviceNames = (): readonly string[] =>
  readdirSync(join(packageRoot(), DEVICES_FOLDER))
    .flatMap((file) => /^(.*)\.json$/.exec(file)?.[1] ?? [])
    .sort()

/**
 * What the user means by `--device`: the name of a device that comes with archc, or a device file; that is anything
 * with a slash or the extension `.json`.
 * @throws DiagnosticError E1001 to E1004, and those of reading
 */
export async function findDevice(nameOrPath: string): Promise<Device> {
  if (!/[/\\]|\.json$/.test(nameOrPath)) return builtInDevice(nameOrPath)
  const request = { file: nameOrPath, wanted: 'a device file', limit: DEVICE_TEXT_LIMIT }
  return readDevice(readTextInput(request), nameOrPath)
}

/** @throws DiagnosticError E1004 */
export function builtInDevice(name: string): Device {
  const bytes = NAME.test(name) ? readBuiltIn(`${name}.json`) : undefined
  if (bytes !== undefined) return trustedDevice(decodeUtf8(bytes, name))
  const known = deviceNames()
  const facts = { name, nearest: nearest(name, known), known }
  throw new DiagnosticError([diagnose('E1004', { path: name }, facts)])
}

/** Those of them that were calibrated by measurements. */
export const devicesWithCalibrations = (): readonly Device[] =>
  deviceNames()
    .map(builtInDevice)
    .filter(({ calibrations = [] }) => calibrations.length > 0)

const readBuiltIn = (file: string): Uint8Array | undefined =>
  readRegularFile({
    file: join(packageRoot(), DEVICES_FOLDER, file),
    shown: `${DEVICES_FOLDER}/${file}`,
    wanted: 'a device file',
    limit: DEVICE_TEXT_LIMIT,
  })
