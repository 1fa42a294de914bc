import type { Command } from 'commander'
import { deviceJson, devicesText, deviceText } from '../../report/devices.ts'
import { builtInDevice, deviceNames, findDevice } from '../../host/built-ins.ts'
import { appearance, print, printJson } from '../terminal.ts'

const EXAMPLES = `
Examples:
  archc devices
  archc devices rtx3090
  archc devices ./my_device.json
  archc devices v100 --json`

export default function (command: Command): void {
  command
    .argument('[device]', 'one to show whole, with sources: a name, or the path of a device file (.json)')
    .option('--json', 'print {"devices": [...]}, or the one device')
    .addHelpText('after', EXAMPLES)
    .action(show)
}

async function show(name: string | undefined, { json }: { readonly json?: boolean }): Promise<void> {
  const { width } = appearance()
  if (name !== undefined) {
    const device = await findDevice(name)
    return json ? printJson(deviceJson(device)) : print(deviceText(device, width))
  }
  const devices = deviceNames().map(builtInDevice)
  if (json) printJson({ devices: devices.map(deviceJson) })
  else print(devicesText(devices, width))
}
