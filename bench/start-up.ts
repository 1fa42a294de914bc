import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { median } from './lib/timing.ts'

// Whole processes, in turn, so that a machine whose speed drifts is fair to all of them.
const archc = join(process.cwd(), 'dist/cli/archc.cjs')
const commands: Readonly<Record<string, readonly string[]>> = {
  'node -e 0 (the floor)': ['-e', '0'],
  'archc --help': [archc, '--help'],
  'archc check tresnet_xl': [archc, 'check', 'tresnet_xl'],
  'archc analyze tresnet_xl': [archc, 'analyze', 'tresnet_xl'],
  'archc analyze tresnet_xl --training': [archc, 'analyze', 'tresnet_xl', '--training'],
  'archc check specs/networks/tresnet.arch': [archc, 'check', 'specs/networks/tresnet.arch'],
}
const runs = Number(process.argv[2] ?? 21)

function wallTime(args: readonly string[]): number {
  const start = performance.now()
  const { status } = spawnSync(process.execPath, args)
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}`)
  return performance.now() - start
}

const times = Object.entries(commands).map(([name, args]) => ({ name, args, times: [] as number[] }))
for (const { args } of times) wallTime(args)
for (let run = 0; run < runs; run++) for (const { args, times: own } of times) own.push(wallTime(args))

const floor = median(times[0]?.times ?? [])
console.log(`${runs} runs of each, milliseconds of a whole process`)
for (const { name, times: own } of times) {
  const [low, middle] = [Math.min(...own), median(own)]
  console.log(
    `${name.padEnd(42)} min ${low.toFixed(0).padStart(4)}  median ${middle.toFixed(0).padStart(4)}  ${(middle / floor).toFixed(2)} x node`,
  )
}
