/**
 * Runs the fuzzer: `npm run fuzz -- [OPTION...]`; campaign/main.ts lists the options. It is bundled first, like the
 * benchmarks, because Node 20 does not run TypeScript.
 */
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, '../..')

const requireShim =
  "import { createRequire as __cr } from 'node:module'; const require = __cr(import.meta.url);"

/** Below node_modules, where the bundles find the packages that are left out of them. */
const bundle = (outdir) =>
  build({
    entryPoints: [join(here, 'campaign/main.ts'), join(here, 'campaign/worker.ts')],
    outdir,
    outExtension: { '.js': '.mjs' },
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
    const child = spawn(process.execPath, [file, ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' })
    child.on('error', reject)
    child.on('exit', (code) => resolve(code ?? 1))
  })

const folder = await mkdtemp(join(root, 'node_modules/.archc-fuzz-'))
try {
  await bundle(folder)
  process.exitCode = await run(join(folder, 'main.mjs'))
} finally {
  await rm(folder, { recursive: true, force: true })
}
