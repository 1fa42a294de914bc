import type { Device } from '../../analysis/devices/device.ts'
import { printable } from '../../diagnostics/printable.ts'
import { note } from '../terminal.ts'
import { writeOutput } from '../write-output.ts'

/**
 * Writes a device file.
 * @throws DiagnosticError E0901, E0907
 */
export async function writeDevice(path: string, device: Device): Promise<void> {
  await writeOutput(path, `${JSON.stringify(device, undefined, 2)}\n`)
  note(`${printable(path)}: written`)
}
