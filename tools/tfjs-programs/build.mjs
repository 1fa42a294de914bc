/**
 * Writes test/backends/tfjs/fixtures/{webgl,webgpu}.json: the programs that tfjs's own webgl and webgpu backends run
 * for our lowering, which the traces of `src/backends/tfjs/trace` are held against. archc does not depend on those
 * backends; get them with
 *
 *   npm pack --ignore-scripts @tensorflow/tfjs-backend-webgl@4.22.0 @tensorflow/tfjs-backend-webgpu@4.22.0
 *
 * unpack each into a folder, and run `node tools/tfjs-programs/build.mjs WEBGL_FOLDER WEBGPU_FOLDER`. No graphics
 * hardware is needed: programs are listed where they would be handed to the driver.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const here = dirname(fileURLToPath(import.meta.url))
const root = join(here, '../..')
const [webgl, webgpu] = process.argv.slice(2)
if (!webgl || !webgpu) throw new Error('usage: build.mjs WEBGL_FOLDER WEBGPU_FOLDER')

const outdir = await mkdtemp(join(root, 'node_modules/.tfjs-programs-'))
try {
  for (const [name, folder] of Object.entries({ webgl, webgpu })) {
    const outfile = join(outdir, `${name}.mjs`)
    await build({
      absWorkingDir: root,
      entryPoints: [join(here, `record-${name}.mjs`)],
      outfile,
      bundle: true,
      keepNames: true,
      platform: 'node',
      format: 'esm',
      nodePaths: [join(root, 'node_modules')],
      // One tfjs-core for the backend, the kernels that it borrows from cpu, and us.
      alias: {
        '@tensorflow/tfjs-core': join(root, 'node_modules/@tensorflow/tfjs-core/dist/index.js'),
        backend: join(resolve(folder), 'dist'),
      },
      external: ['sharp', 'node-fetch'],
      define: { 'import.meta.url': JSON.stringify(pathToFileURL(join(root, 'src/host/x.ts')).href) },
      banner: {
        js: `import { createRequire } from 'node:module'; const require = createRequire(${JSON.stringify(join(root, 'package.json'))})`,
      },
    })
    await import(pathToFileURL(outfile).href)
  }
} finally {
  await rm(outdir, { recursive: true })
}
