import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

let found: string | undefined

/** The folder of the installed package: the nearest one above this code that holds the standard library. */
export function packageRoot(): string {
  return (found ??= nearestAbove(dirname(fileURLToPath(import.meta.url)), 'specs/std'))
}

function nearestAbove(start: string, holding: string): string {
  for (let folder = start; ; folder = dirname(folder)) {
    if (existsSync(join(folder, holding))) return folder
    if (dirname(folder) === folder) throw new Error(`the package lacks ${holding}`)
  }
}
