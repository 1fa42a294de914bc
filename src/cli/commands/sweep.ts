import { availableParallelism } from 'node:os'
import type { Command } from 'commander'
import { defaultObjectives, parseObjectives, type Objective } from '../../sweep/pareto.ts'
import { optionName } from '../../analysis/measures.ts'
import { sweepMeasures } from '../../sweep/evaluate.ts'
import { wrapped } from '../../report/units.ts'
import { MAX_POINTS } from '../../sweep/axis.ts'
import { judged, type Sweep } from '../../sweep/sweep.ts'
import { diagnose } from '../../diagnostics/diagnose.ts'
import { DiagnosticError } from '../../diagnostics/diagnostic.ts'
import { findDevice } from '../../host/built-ins.ts'
import { addAnalysisOptions, NO_DEVICE, type AnalysisOptions } from '../analysis-options.ts'
import { UsageError } from '../exit.ts'
import {
  addNetworkOptions,
  addRepeatable,
  parseInteger,
  TARGET_HELP,
  type NetworkOptions,
} from '../options.ts'
import { checkFirstPoint, runSweep, writeReports } from '../sweep/run.ts'
import { sweepPlan, type SweepRequest } from '../sweep/plan.ts'
import { note } from '../terminal.ts'
import { refuseOutput } from '../write-output.ts'

interface Options extends NetworkOptions, AnalysisOptions {
  readonly over: readonly string[]
  readonly sample?: number
  readonly seed: number
  readonly objectives?: string
  readonly workers: number
  readonly output?: string
  readonly html?: string
  readonly json?: boolean
  readonly resume?: boolean
  readonly restart?: boolean
}

const MOST_WORKERS = 256

const OBJECTIVES = wrapped(
  'The table holds every point. While a sweep lasts, what is known lies beside it in FILE.unfinished; --resume goes on from ' +
    'there after an interrupt. Objectives are less of a value, with + more: ' +
    `${sweepMeasures.map(optionName).join(', ')}. By default time,+parameters: the most parameters for the time.`,
  120,
).join('\n')

const EXAMPLES = `
Evaluates every combination of the values that --over gives: parameters of the network (width=0.5..2:0.1, both ends
included; depths=[3,4,6,3],[2,2,2,2]), of a block wherever it is called (se.reduction=4,8,16; layer3.se.reduction=4,8),
and input_size=160,224,3x192x256 or batch=1..64:21. Combinations that do not fit together are counted and left out.

${OBJECTIVES}

Examples:
  archc sweep tresnet --over width=0.5..2:0.1 --over se.reduction=4,8,16 -o tresnet.csv
  archc sweep resnet50 --over input_size=128..320:32 --over batch=1,8,64 --objectives time,+macs,memory
  archc sweep my_net.arch --over 'depths=[2,2,2,2],[3,4,6,3]' --over width=32..128:8 -o points.csv --html points.html
  archc sweep my_net.arch --over a=1..100 --over b=1..100 --over c=1..100 --sample 5000 --seed 7 -o some.csv
  archc sweep tresnet --over width=0.5..2:0.001 -o fine.csv --resume`

export default function (command: Command): void {
  addAnalysisOptions(addNetworkOptions(command.argument('<network>', TARGET_HELP)))
  addRepeatable(
    command,
    '--over <name=values>',
    'a dimension: a range such as 0.5..2:0.1, or values; may be repeated',
  )
    .option('--sample <n>', 'draw that many points instead of taking all', parseInteger(1, MAX_POINTS))
    .option('--seed <n>', 'of the draw', parseInteger(0, 2 ** 32 - 1), 0)
    .option('--objectives <list>', 'two or three values by which points are judged, e.g. time,+parameters')
    .option('--workers <n>', 'threads', parseInteger(1, MOST_WORKERS), availableParallelism())
    .option('-o, --output <file>', 'write the table of all points there (CSV)')
    .option('--html <file>', 'write a page with the plot there')
    .option('--json', 'print {"points": [{"settings", "values", "pareto"}], "mistakes": [...], ...}')
    .option('--resume', 'go on with the unfinished sweep that is beside the table')
    .option('--restart', 'begin anew even where an unfinished sweep is beside the table')
    .addHelpText('after', EXAMPLES)
    .action(sweep)
}

async function sweep(target: string, options: Options): Promise<void> {
  const objectives = await objectivesOf(options)
  await refuseOutput(options.output)
  await refuseOutput(options.html)
  const request = requestOf(target, options)
  const plan = await sweepPlan(request, note)
  const failed = await checkFirstPoint(plan)
  const { output, resume, restart, workers } = options
  const { results, journal, interrupted } = await runSweep({
    sweep: request,
    plan,
    workers,
    attitude: resume ? 'resume' : restart ? 'restart' : 'refuse',
    ...(output === undefined ? {} : { output }),
  })
  if (interrupted !== undefined) {
    if (journal !== undefined) note('--resume goes on from here')
    process.exit(interrupted)
  }
  const done = judged({ spec: nameOf(target, options), space: plan.space, results, objectives })
  await writeReports(done, options)
  journal?.remove()
  refuseNothing(done, failed)
}

async function objectivesOf({ objectives, device: name }: Options): Promise<readonly Objective[]> {
  const device = name === NO_DEVICE ? undefined : await findDevice(name)
  if (objectives === undefined) return defaultObjectives(device !== undefined)
  return parseObjectives(objectives, { device: device !== undefined, energy: device?.energy !== undefined })
}

function requestOf(target: string, options: Options): SweepRequest {
  const { over, sample, seed, resume, restart, output } = options
  if (over.length === 0)
    throw new UsageError('--over is missing: what to sweep, e.g. --over width=0.5..2:0.1')
  if (resume && restart) throw new UsageError('--resume and --restart exclude each other')
  if (resume && output === undefined) throw new UsageError('--resume needs the table that was begun: -o FILE')
  return {
    target,
    over,
    options: plain(options),
    ...(sample === undefined ? {} : { sample: { points: sample, seed } }),
  }
}

/** What another thread can be given. */
const plain = (options: Options): Options => structuredClone(options)

const nameOf = (target: string, { network }: Options): string =>
  network === undefined ? target : `${target}, ${network}`

/** A space of mistakes alone has one reason, most likely. */
function refuseNothing({ results }: Sweep, failed: DiagnosticError | undefined): void {
  const [first] = failed?.diagnostics ?? []
  const mistakes = [...results.mistakesByCode.values()].reduce((sum, count) => sum + count, 0)
  if (first === undefined || mistakes < results.known) return
  const { code, message } = first
  throw new DiagnosticError([diagnose('E1410', { path: '--over' }, { points: mistakes, code, message })])
}
