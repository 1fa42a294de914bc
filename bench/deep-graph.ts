import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { summary } from './lib/timing.ts'

// `archc analyze` on a network of about 10,000 operators, as a whole process; node alone beside it.
const SPEC = `import { basic } from "std/resnet"

network deep() {
  input 3 x 64 x 64
  stem = conv(64, 3) -> batch_norm -> relu
  stage body {
    basic(64) x 700
    basic(64) x 726
  }
  head = global_avg_pool -> linear(10)
}
`
const runs = Number(process.argv[2] ?? 7)
const folder = mkdtempSync(join(tmpdir(), 'archc-deep-'))
const spec = join(folder, 'deep.arch')
const archc = join(process.cwd(), 'dist/cli/archc.cjs')

function timed(args: readonly string[]): { readonly time: number; readonly stdout: string } {
  const start = performance.now()
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 2 ** 28 })
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}`)
  return { time: performance.now() - start, stdout }
}

try {
  writeFileSync(spec, SPEC)
  const { layers } = JSON.parse(timed([archc, 'analyze', spec, '--json']).stdout) as { layers: unknown[] }
  console.log(`${layers.length} operators, ${runs} runs of each, whole processes`)
  for (const more of [[], ['--training'], ['--engine', 'fused']]) {
    const times = Array.from({ length: runs }, () => timed([archc, 'analyze', spec, ...more]).time)
    console.log(`archc analyze ${more.join(' ')}`.padEnd(32), summary(times))
  }
  console.log('node -e 0'.padEnd(32), summary(Array.from({ length: runs }, () => timed(['-e', '0']).time)))
} finally {
  rmSync(folder, { recursive: true, force: true })
}
