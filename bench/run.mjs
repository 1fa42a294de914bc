/**
 * Runs a benchmark of this folder: `node bench/run.mjs NAME [ARGUMENT...]`. It is bundled first, like the
 * command line, because Node 20 does not run TypeScript.
 */
import { spawn } from 'node:child_process'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, '..')
const names = (await readdir(here)).filter((file) => file.endsWith('.ts')).map((file) => file.slice(0, -3))
const [name = '', ...args] = process.argv.slice(2)

const requireShim =
  "import { createRequire as __cr } from 'node:module'; const require = __cr(import.meta.url);"

/** Below node_modules, where the bundle finds the packages that are left out of it. */
const bundle = (outfile) =>
  build({
    entryPoints: [join(here, `${name}.ts`)],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: ['@tensorflow/*', 'sharp'],
    banner: { js: requireShim },
    logLevel: 'warning',
  })

const run = (file) =>
  new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [file, ...args], { cwd: root, stdio: 'inherit' })
    child.on('error', reject)
    child.on('exit', (code) => resolve(code ?? 1))
  })

if (names.includes(name)) {
  const folder = await mkdtemp(join(root, 'node_modules/.archc-bench-'))
  try {
    await bundle(join(folder, 'bench.mjs'))
    process.exitCode = await run(join(folder, 'bench.mjs'))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
} else {
  console.error(`usage: node bench/run.mjs NAME, where NAME is one of ${names.join(', ')}`)
  process.exitCode = 2
}
