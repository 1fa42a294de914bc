import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sealed } from '../host/sealed-file.ts'
import { CACHE, compileCore, CORE } from './code-cache.ts'

// Run by the build, beside the bundle: whatever these commands use is compiled into the cache.
const [copy = 'tresnet_m'] = process.argv.slice(2)
const { script, run } = compileCore(__dirname)
void warmUp(run().main).then(() => {
  const bundle = readFileSync(join(__dirname, CORE))
  writeFileSync(join(__dirname, CACHE), sealed(script.createCachedData(), bundle))
})

async function warmUp(main: (args: readonly string[]) => Promise<number>): Promise<void> {
  const commands = [
    ['check', 'tresnet_m'],
    ['check', copy],
    ['analyze', 'tresnet_m'],
    ['analyze', 'tresnet_m', '--training', '--layers'],
    ['networks'],
  ]
  for (const args of commands) if ((await main(args)) !== 0) throw new Error(`archc ${args.join(' ')} failed`)
}
