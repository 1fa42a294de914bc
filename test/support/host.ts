import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { SourceHost } from '../../src/project/load.ts'

const specs = new URL('../../specs/', import.meta.url).pathname

/** A host over a folder of fixtures and the real library. */
export function hostOver(root: string): SourceHost {
  return {
    read(path) {
      const file = path.startsWith('std/') ? join(specs, path) : join(root, path)
      return existsSync(file) ? readFileSync(file, 'utf8') : undefined
    },
    library: () => readdirSync(join(specs, 'std')).map((name) => `std/${name}`),
  }
}

/** A host over texts in memory, with the real library. */
export function hostOf(files: Readonly<Record<string, string>>): SourceHost {
  const library = hostOver('/nonexistent')
  return { read: (path) => files[path] ?? library.read(path), library: () => library.library() }
}
