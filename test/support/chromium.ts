import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome']

/** The browser of this machine: `CHROMIUM_PATH`, or one of the usual names in the search path. */
export function findChromium(): string | undefined {
  const { CHROMIUM_PATH: chosen, PATH: path = '' } = process.env
  if (chosen !== undefined) return chosen
  const candidates = path.split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)))
  return candidates.find(isExecutable)
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
