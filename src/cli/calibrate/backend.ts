import { basename } from 'node:path'
import type { Device } from '../../analysis/devices/device.ts'
import { deviceText } from '../../report/devices.ts'
import { measureDevice } from '../../runtime/measure-device.ts'
import type { TfjsDevice } from '../../runtime/tfjs-device.ts'
import { UsageError } from '../exit.ts'
import { appearance, clearProgress, note, print, printJson, progress } from '../terminal.ts'
import { refuseOutput } from '../write-output.ts'
import { writeDevice } from './write-device.ts'

export interface BackendOptions {
  readonly output?: string
  readonly json?: boolean
}

/**
 * Measures this machine on a tfjs backend, shows it as a device, and writes the device file.
 * @throws DiagnosticError where it cannot be written; UsageError
 */
export async function calibrateBackend(backend: TfjsDevice, { output, json }: BackendOptions): Promise<void> {
  await refuseOutput(output)
  const measured = await measureDevice(backend, (what) => progress(`measuring ${what} on ${backend}`))
  clearProgress()
  if (measured === undefined) throw new UsageError(`the backend ${backend} does not start on this machine`)
  const device = output === undefined ? measured : named(measured, output)
  if (output !== undefined) await writeDevice(output, device)
  if (json) return printJson(device)
  print(deviceText(device, appearance().width))
  if (output === undefined) note('\nNothing was written; -o FILE.json writes this device.')
}

/** A device is called like its file, where that is a name. */
function named(device: Device, path: string): Device {
  const name = basename(path, '.json')
  return /^[a-z][a-z0-9_]{0,39}$/.test(name) ? { ...device, name } : device
}
