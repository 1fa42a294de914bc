/**
 * What archc does, through its command line: compiles a network with real weights, lets it name what is on two
 * photographs, and shows, checks and analyses another. Prints each command, so that it can be typed again.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const WEIGHTS = 'examples/efficientnet_lite0/efficientnet_lite0.safetensors'
const MODEL = 'build/efficientnet_lite0'
const SPEC = 'specs/networks/tresnet.arch'
const PHOTOGRAPHS = ['examples/photographs/chelsea.png', 'examples/photographs/coffee.png']

function archc(title, args) {
  console.log(`\n${title}\n$ npx archc ${args.join(' ')}\n`)
  const command = [join(root, 'dist/cli/archc.cjs'), ...args]
  const { status } = spawnSync(process.execPath, command, { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}

rmSync(join(root, MODEL), { recursive: true, force: true })
archc('EfficientNet-Lite0, from its spec and the weights that its authors trained:', [
  'compile',
  'efficientnet_lite0',
  ...['--weights', WEIGHTS],
  ...['-o', MODEL],
])
archc('What is on the photographs?', ['run', MODEL, ...PHOTOGRAPHS.flatMap((file) => ['--input', file])])
console.log(`\nTResNet, as it is written:\n$ cat ${SPEC}\n`)
console.log(readFileSync(join(root, SPEC), 'utf8').trimEnd())
archc('Is its spec sound, with everything that it imports?', ['check', 'tresnet_m'])
archc('What does it cost?', ['analyze', 'tresnet_m'])
console.log(
  '\nNext: `npx archc networks` lists the others; docs/language.md begins with a network of your own.',
)
