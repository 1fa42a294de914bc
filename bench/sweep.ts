/**
 * Points that `archc sweep` evaluates a second, as whole processes of the built command line:
 * `node bench/run.mjs sweep [WORKERS]`. Threads take a while until they are at their best; the steady rate is that of the
 * points by which a long sweep exceeds a short one.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { median } from './lib/timing.ts'

const archc = join(process.cwd(), 'dist/cli/archc.cjs')
const workers = process.argv[2] ?? '2'
const RUNS = 3

/** A short and a long sweep of each, by the step of its first dimension. */
const sweeps: Readonly<
  Record<string, readonly [over: (step: string) => readonly string[], short: string, long: string]>
> = {
  tresnet: [(step) => [`width=0.5..2:${step}`, 'se.reduction=4,8,16'], '0.01', '0.001'],
  resnet50: [
    (step) => [`width=32..192:${step}`, 'depths=[3,4,6,3],[2,3,5,2],[3,4,9,3]', 'classes=10,100,1000'],
    '4',
    '1',
  ],
  mobilenetv2_100: [(step) => [`width=0.5..2:${step}`], '0.01', '0.0005'],
}

interface Timed {
  readonly points: number
  readonly seconds: number
}

function timed(network: string, over: readonly string[]): Timed {
  const args = ['sweep', network, '--workers', workers, ...over.flatMap((one) => ['--over', one])]
  const start = performance.now()
  const { status, stdout, stderr } = spawnSync(process.execPath, [archc, ...args], { encoding: 'utf8' })
  const seconds = (performance.now() - start) / 1000
  const points = Number(/^([\d,]+) points of/m.exec(stdout)?.[1]?.replaceAll(',', ''))
  if (status !== 0 || !(points > 0))
    throw new Error(`archc ${args.join(' ')} ended with ${status}: ${stderr}`)
  return { points, seconds }
}

const rate = ({ points, seconds }: Timed): string => (points / seconds).toFixed(0).padStart(6)

console.log(`${workers} workers, median of ${RUNS} runs, points a second`)
for (const [network, [over, ...steps]] of Object.entries(sweeps)) {
  const [short, long] = steps.map((step): Timed => {
    const runs = Array.from({ length: RUNS }, () => timed(network, over(step)))
    return { points: runs[0]!.points, seconds: median(runs.map(({ seconds }) => seconds)) }
  })
  const steady = { points: long!.points - short!.points, seconds: long!.seconds - short!.seconds }
  console.log(
    `${network.padEnd(16)} ${short!.points} points ${rate(short!)}   ${long!.points} points ${rate(long!)}   steady ${rate(steady)}`,
  )
}
