/**
 * Builds what the package runs and exports:
 *   dist/cli/    the command line: one bundle whose modules are evaluated when they are first needed, V8's code
 *                cache of it, and the small program that loads both
 *   dist/lib/    the library (`archc`)
 *   dist/types/  its declarations
 *   dist/report/ script and style of the HTML pages
 *   dist/THIRD-PARTY-LICENSES.txt  of the packages within the bundles
 * chevrotain, commander and ajv are bundled because they load slowly file by file; tfjs and sharp stay packages,
 * because they bring binaries of their own, and are loaded by the commands that need them.
 */
import { execFile } from 'node:child_process'
import { chmod, cp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { build } from 'esbuild'
import { licencesOf } from './licences.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const fresh = join(root, `node_modules/.archc-build-${process.pid}`)
const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))

const licences = licencesOf(root)

/** Commander can run commands that are programs of their own; archc has none, and loading the module takes 8 ms. */
const withoutChildProcesses = {
  name: 'without-child-processes',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      /[\\/]commander[\\/]/.test(importer) ? { path: 'none', namespace: 'without' } : undefined,
    )
    onLoad({ filter: /.*/, namespace: 'without' }, () => ({ contents: 'module.exports = {}' }))
  },
}

const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20',
  external: ['@tensorflow/*', 'sharp'],
  plugins: [licences.plugin],
  define: { ARCHC_VERSION: JSON.stringify(version) },
  logLevel: 'warning',
}

/** Classic scripts: V8's code cache is for these, and a program of one starts faster than an ES module. */
const classic = { ...common, outdir: join(fresh, 'cli'), format: 'cjs', minify: true, legalComments: 'none' }

const buildCli = async () => {
  await Promise.all([
    build({
      ...classic,
      entryPoints: { core: 'src/cli/main.ts' },
      outExtension: { '.js': '.cjs' },
      define: { ...common.define, 'import.meta.url': 'bundleUrl' },
      supported: { 'dynamic-import': false },
      plugins: [withoutChildProcesses, licences.plugin],
    }),
    build({
      ...classic,
      entryPoints: {
        archc: 'src/cli/archc.ts',
        'sweep-worker': 'src/cli/sweep/worker.ts',
        'fill-code-cache': 'src/cli/fill-code-cache.ts',
      },
      outExtension: { '.js': '.cjs' },
    }),
    build({
      ...classic,
      entryPoints: { 'fill-trees': 'src/cli/fill-trees.ts' },
      outExtension: { '.js': '.cjs' },
      banner: { js: "const bundleUrl = require('node:url').pathToFileURL(__filename).href" },
      define: { ...common.define, 'import.meta.url': 'bundleUrl' },
    }),
  ])
  await refuseOtherThanAscii(join(fresh, 'cli/core.cjs'))
  await chmod(join(fresh, 'cli/archc.cjs'), 0o755)
  await runOnce('fill-trees')
  const warmUp = join(fresh, 'warm-up')
  // The package's own specs need no parser; a copy elsewhere does, and the cache is to have that too.
  await cp(join(root, 'specs/networks/tresnet.arch'), join(warmUp, 'copy.arch'))
  await writeFile(join(warmUp, 'archc.json'), '{}')
  await runOnce('fill-code-cache', join(warmUp, 'copy.arch'))
  await rm(warmUp, { recursive: true })
}

/** The bundle is read byte by byte as Latin-1, which is faster. esbuild cannot escape what stands in tagged templates. */
async function refuseOtherThanAscii(file) {
  const [, found] = /([^\n]{0,40}[^\0-\x7f]+[^\n]{0,40})/.exec(await readFile(file, 'utf8')) ?? []
  if (found !== undefined) throw new Error(`${file} is not ASCII: ${found}`)
}

/** Runs a program of the build beside the bundle, and takes it away again. */
async function runOnce(name, ...args) {
  const program = join(fresh, `cli/${name}.cjs`)
  await promisify(execFile)(process.execPath, [program, ...args])
  await rm(program)
}

/** What needs Node are files of their own, which bundlers for browsers leave out as package.json beside it asks. */
const libraryPackage = { type: 'module', browser: { './node.js': false, './tfjs-node.js': false } }

const buildLibrary = async () => {
  await build({
    ...common,
    entryPoints: {
      index: 'src/index.ts',
      node: 'src/runtime/node.ts',
      'tfjs-node': 'src/backends/tfjs/node/node.ts',
    },
    outdir: join(fresh, 'lib'),
    format: 'esm',
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    sourcemap: true,
  })
  await writeFile(join(fresh, 'lib/package.json'), JSON.stringify(libraryPackage))
}

/** What the pages of the report hold. Each goes to strangers as one file, so the licences' lines stay in it. */
const buildPages = () =>
  build({
    absWorkingDir: root,
    entryPoints: {
      analysis: 'src/report/html/page/main.ts',
      sweep: 'src/report/html/page/sweep.ts',
      page: 'src/report/html/page/page.css',
    },
    outdir: join(fresh, 'report'),
    bundle: true,
    minify: true,
    platform: 'browser',
    // The style sheet's light-dark() is of the same age.
    target: ['chrome123', 'firefox120', 'safari17.5'],
    format: 'iife',
    legalComments: 'eof',
    plugins: [licences.plugin],
    logLevel: 'warning',
  })

const buildTypes = () =>
  promisify(execFile)(
    process.execPath,
    [
      join(root, 'node_modules/typescript/bin/tsc'),
      '-p',
      'tsconfig.build.json',
      '--outDir',
      join(fresh, 'types'),
    ],
    { cwd: root },
  ).catch((error) => {
    throw new Error(`declarations: ${error.stdout || error.message}`)
  })

/** Swaps the finished build in, so that nothing ever sees half of one. */
async function install() {
  const dist = join(root, 'dist')
  const old = `${fresh}-old`
  await rename(dist, old).catch(ignoreMissing)
  await rename(fresh, dist)
  await rm(old, { recursive: true, force: true })
}

function ignoreMissing(error) {
  if (error.code !== 'ENOENT') throw error
}

try {
  await Promise.all([buildCli(), buildLibrary(), buildPages(), buildTypes()])
  await writeFile(join(fresh, 'THIRD-PARTY-LICENSES.txt'), await licences.text())
  await install()
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
} finally {
  await rm(fresh, { recursive: true, force: true })
}
