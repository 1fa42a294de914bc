import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** Why the command line could not be built; empty if it could. */
    readonly buildError: string
  }
}

/** Builds what the tests of the command line run, unless it is newer than all it is made of. */
export default function setup(project: TestProject): void {
  project.provide('buildError', isFresh() ? '' : build())
}

function build(): string {
  const { status, stderr } = spawnSync(process.execPath, ['tools/build.mjs'], { encoding: 'utf8' })
  return status === 0 ? '' : stderr
}

function isFresh(): boolean {
  const built = 'dist/cli/archc.cjs'
  if (!existsSync(built)) return false
  const { mtimeMs } = statSync(built)
  const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).map((name) => join('src', name))
  return [...sources, 'package.json', 'package-lock.json', 'tools/build.mjs'].every(
    (file) => statSync(file).mtimeMs <= mtimeMs,
  )
}
