/**
 * Runs every command of the README in order, each as a shell would, and stops at the first that fails. So the
 * README cannot promise what does not work. A command is a line of a ```sh block; a comment or an empty line is none.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

const blocks = readFileSync(join(root, 'README.md'), 'utf8').matchAll(/^```sh\n(.*?)^```$/gms)
const commands = Array.from(blocks, ([, block]) => block.replace(/\\\n\s*/g, '').split('\n'))
  .flat()
  .map((line) => line.trim())
  .filter((line) => line !== '' && !line.startsWith('#'))

if (commands.length === 0) throw new Error('the README has no commands')

for (const [index, command] of commands.entries()) {
  console.log(`\n[README ${index + 1}/${commands.length}] $ ${command}`)
  const started = Date.now()
  const { status } = spawnSync(command, { cwd: root, shell: true, stdio: ['ignore', 'inherit', 'inherit'] })
  if (status !== 0) {
    console.error(`\nREADME command ${index + 1} ended with status ${status}: ${command}`)
    process.exit(1)
  }
  console.log(`(${((Date.now() - started) / 1000).toFixed(1)} s)`)
}
console.log(`\nREADME: ${commands.length} commands ran.`)
