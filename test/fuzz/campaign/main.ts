/**
 * `npm run fuzz`: tries the parsers of archc with inputs that chance makes.
 *
 *   --minutes N     how long (default 1)
 *   --count N       how many inputs; then as long as it takes
 *   --seed TEXT     another seed gives other inputs (default 1)
 *   --start N       the number of the first input
 *   --only TARGET   specs, checkpoints, ir or others
 *   --workers N     processes (default 1)
 *   --folder DIR    for findings (default build/fuzz)
 *   --replay FILE   tries the input of a finding again
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { targetNamed } from '../targets/index.ts'
import { readFinding } from './finding.ts'
import { runCampaign, type Result } from './supervisor.ts'
import { makeInput, tryInput } from './try-input.ts'

const say = (line: string): void => void process.stdout.write(`${line}\n`)

const { values } = parseArgs({
  options: {
    minutes: { type: 'string' },
    count: { type: 'string' },
    seed: { type: 'string', default: '1' },
    start: { type: 'string', default: '0' },
    only: { type: 'string' },
    workers: { type: 'string', default: '1' },
    folder: { type: 'string', default: 'build/fuzz' },
    replay: { type: 'string' },
  },
})

async function replay(path: string): Promise<number> {
  const { target: name, seed, index, input } = readFinding(path)
  const target = targetNamed(name)
  const { problems, slowest } = await tryInput(target, input ?? makeInput(target, seed, index))
  say(`slowest step: ${slowest.step}, ${slowest.milliseconds.toFixed(0)} ms`)
  for (const { kind, signature, detail } of problems) say(`${kind}: ${signature}\n${detail}`)
  if (problems.length === 0) say('no problem any more')
  return problems.length === 0 ? 0 : 1
}

async function campaign(): Promise<number> {
  if (values.only !== undefined) targetNamed(values.only)
  const start = Number(values.start)
  const result = await runCampaign({
    seed: values.seed,
    only: values.only,
    start,
    end: values.count === undefined ? Number.MAX_SAFE_INTEGER : start + Number(values.count),
    minutes: Number(values.minutes ?? (values.count === undefined ? 1 : 24 * 60)),
    workers: Number(values.workers),
    folder: values.folder,
    program: join(import.meta.dirname, 'worker.mjs'),
    say,
  })
  report(result)
  return result.findings.size === 0 ? 0 : 1
}

function report({ counts, findings, seconds, computed }: Result): void {
  const all = [...counts.values()].reduce((sum, { inputs }) => sum + inputs, 0)
  say(
    `\n${all.toLocaleString('en')} inputs in ${seconds.toFixed(0)} s, seed ${values.seed}; ${computed.toFixed(0)} s of computing: ${(all / computed).toFixed(0)} inputs each`,
  )
  const spent = [...counts.values()].reduce((sum, { milliseconds }) => sum + milliseconds, 0)
  for (const [name, { inputs, problems, milliseconds, slowest, largest, tallies }] of counts) {
    // By the clock a worker's inputs take longer than it computes where the machine is shared, each by as much.
    const rate = inputs / ((computed * milliseconds) / spent)
    say(
      `${name}: ${inputs.toLocaleString('en')} inputs, ${rate.toFixed(0)} a second of computing, ${problems} with a problem`,
    )
    say(
      `  slowest: ${slowest.step}, ${slowest.milliseconds.toFixed(0)} ms (seed ${values.seed}, input ${slowest.index})`,
    )
    say(
      `  most memory: ${largest.megabytes} MB more than at the start (seed ${values.seed}, input ${largest.index})`,
    )
    say(
      `  ${Object.entries(tallies)
        .sort()
        .map(([tally, count]) => `${tally} ${count.toLocaleString('en')}`)
        .join('; ')}`,
    )
  }
  say(findings.size === 0 ? 'no findings' : `${findings.size} findings:`)
  for (const [signature, { problem, path }] of findings)
    say(`  ${problem.kind}: ${signature}\n    npm run fuzz -- --replay ${path}`)
}

process.exitCode = values.replay === undefined ? await campaign() : await replay(values.replay)
