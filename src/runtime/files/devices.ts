import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Device } from '../../analysis/devices/device.ts'
import { DEVICE_TEXT_LIMIT, readDevice, trustedDevice } from '../../analysis/devices/read-device.ts'
import { diagnose } from '../../diagnostics/diagnose.ts'
import { DiagnosticError } from '../../diagnostics/diagnostic.ts'
import { nearest } from '../../diagnostics/suggest.ts'
import { packageRoot } from './package-root.ts'
import { readRegularFile } from './read-file.ts'
import { readTextInput } from './read-input.ts'
import { decodeUtf8 } from './utf8.ts'

const FOLDER = 'specs/devices'
const NAME = /^[a-z][a-z0-9_]{0,39}$/

/** The devices that come with archc, in order of name. */
export const deviceNames = (): readonly string[] =>
  readdirSync(join(packageRoot(), FOLDER))
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
export const calibratedDevices = (): readonly Device[] =>
  deviceNames()
    .map(builtInDevice)
    .filter(({ calibrations = [] }) => calibrations.length > 0)

const readBuiltIn = (file: string): Uint8Array | undefined =>
  readRegularFile({
    file: join(packageRoot(), FOLDER, file),
    shown: `${FOLDER}/${file}`,
    wanted: 'a device file',
    limit: DEVICE_TEXT_LIMIT,
  })
