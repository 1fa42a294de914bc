import { DiagnosticError } from '../../diagnostics/diagnostic.ts'
import type { Code } from '../../diagnostics/catalogue/index.ts'
import { evaluatePoint, type SweepPlan } from '../../sweep/evaluate.ts'
import { resolveDeclarations } from '../../elaborate/declarations.ts'
import { adviseImports } from '../../host/file-host.ts'
import type { Spec } from '../../host/spec.ts'
import { exact, significant } from '../../report/units.ts'
import { progress, clearProgress, note, print, printJson, wantsColor } from '../terminal.ts'
import { Results, type Sweep } from '../../sweep/sweep.ts'
import { placeOf, writeOutput } from '../write-output.ts'
import { fingerprintOf, type SweepRequest } from './plan.ts'
import { Journal, type Attitude } from './journal.ts'
import { evaluateAll } from './pool.ts'
import { printable } from '../../diagnostics/printable.ts'
import { sweepCsv, shownPoints, sweepData, sweepJson, sweepText } from '../../report/sweep.ts'

/** Mistakes of the command line, whatever the values of a point: names of networks, settings, blocks and stages. */
const ofAllPoints: ReadonlySet<Code> = new Set<Code>([
  ...(['E0210', 'E0211', 'E0212', 'E0402', 'E0417', 'E0518', 'E0519', 'E0521'] as const),
  'E1101',
])

/**
 * Evaluates the first point, so that what is wrong with all of them is told before the work begins. What is wrong with that
 * point alone is in the result.
 * @throws DiagnosticError, UsageError
 */
export async function checkFirstPoint(
  plan: SweepPlan & { spec: Spec },
): Promise<DiagnosticError | undefined> {
  try {
    await evaluatePoint(plan, 0)
    return undefined
  } catch (error) {
    if (!(error instanceof DiagnosticError)) throw error
    // What is wrong with names and text is found before any value is looked at.
    const ofText = new Set(resolveDeclarations(plan.program).diagnostics)
    if (error.diagnostics.some((one) => ofText.has(one) || ofAllPoints.has(one.code)))
      throw new DiagnosticError(adviseImports(error.diagnostics, plan.spec.host))
    return error
  }
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** The exit status that shells give a program which a signal ended: 128 + its number. */
const statusOf = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const

/**
 * Does work that an interrupt ends in order rather than at once.
 * @returns the exit status that the interrupt asks for; `undefined` where there was none
 */
async function stoppable(work: (signal: AbortSignal) => Promise<void>): Promise<number | undefined> {
  const controller = new AbortController()
  let status: number | undefined
  const stop = (signal: (typeof signals)[number]): void => {
    status = statusOf[signal]
    controller.abort()
  }
  for (const signal of signals) process.on(signal, stop)
  try {
    await work(controller.signal)
  } finally {
    for (const signal of signals) process.off(signal, stop)
  }
  return status
}

/** Milliseconds between two looks at the progress. */
const INTERVAL = 100
const BAR = 24

/** Shows how far a sweep is, in place; on a pipe, nothing. */
class Progress {
  private readonly start = performance.now()
  private shown = -Infinity

  /** @param from how many points were known at the start */
  constructor(
    private readonly points: number,
    private readonly from: number,
  ) {}

  show(known: number): void {
    const now = performance.now()
    if (now - this.shown < INTERVAL) return
    this.shown = now
    progress(progressText({ points: this.points, known, rate: this.rate(known) }))
  }

  /** Points a second since the start. */
  rate(known: number): number {
    return (1000 * (known - this.from)) / Math.max(1, performance.now() - this.start)
  }

  get seconds(): number {
    return (performance.now() - this.start) / 1000
  }
}

interface ProgressFacts {
  readonly points: number
  readonly known: number
  /** Points a second. */
  readonly rate: number
}

/** `[############------------] 1,234 of 2,468 points, 312 a second, 4 s left` */
export function progressText({ points, known, rate }: ProgressFacts): string {
  const filled = Math.floor((BAR * known) / points)
  const bar = '#'.repeat(filled) + '-'.repeat(BAR - filled)
  const left = rate > 0 ? `, ${durationText((points - known) / rate)} left` : ''
  return `[${bar}] ${exact(known)} of ${exact(points)} points, ${significant(rate, 3)} a second${left}`
}

/** `4 s`, `3 min 20 s`, `2 h 5 min`. */
export function durationText(seconds: number): string {
  const whole = Math.ceil(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${exact(Math.floor(whole / 3600))} h ${Math.floor((whole % 3600) / 60)} min`
}

interface RunRequest {
  readonly sweep: SweepRequest
  readonly plan: SweepPlan
  readonly workers: number
  /** The table's file, if one is wanted: beside it the results are kept while they are not complete. */
  readonly output?: string
  readonly attitude: Attitude
}

interface Run {
  readonly results: Results
  /** To be removed once the table is written. */
  readonly journal?: Journal
  /** The exit status, where the user interrupted. */
  readonly interrupted?: number
}

/** Evaluates what is not known yet, and tells how it goes on stderr. */
export async function runSweep(request: RunRequest): Promise<Run> {
  const { size: points } = request.plan.space
  const results = new Results(points)
  const journal = await journalOf(request, points)
  if (journal?.damaged !== undefined)
    note(
      `note: line ${journal.damaged} of the unfinished sweep is damaged; what follows it is evaluated anew`,
    )
  if (journal !== undefined && journal.known.length > 0) {
    results.add(journal.known)
    note(`${exact(results.known)} of ${exact(points)} points are known already`)
  }
  const progress = new Progress(points, results.known)
  const { sweep, workers } = request
  const interrupted = await stoppable((signal) =>
    evaluateAll({ workers, from: results.known, points, sweep, signal }, (first, outcomes) => {
      journal?.append(first, outcomes)
      results.add(outcomes)
      progress.show(results.known)
    }),
  )
  journal?.close()
  clearProgress()
  const rate = significant(progress.rate(results.known), 3)
  note(
    `${exact(results.known)} of ${exact(points)} points, ${durationText(progress.seconds)}, ${rate} a second`,
  )
  return {
    results,
    ...(journal === undefined ? {} : { journal }),
    ...(interrupted === undefined ? {} : { interrupted }),
  }
}

/** None beside a device such as /dev/null. */
async function journalOf(
  { sweep, plan, output, attitude }: RunRequest,
  points: number,
): Promise<Journal | undefined> {
  if (output === undefined) return undefined
  const place = placeOf(output)
  if (place.kind !== 'name') return undefined
  return Journal.open({
    output: place.path,
    points,
    attitude,
    fingerprint: await fingerprintOf(sweep, plan.program),
  })
}

interface WriteOptions {
  readonly output?: string
  readonly html?: string
  readonly json?: boolean
}

/** The table and the page where they are wanted, and the summary. */
export async function writeReports(sweep: Sweep, { output, html, json }: WriteOptions): Promise<void> {
  if (output !== undefined) {
    await writeOutput(output, sweepCsv(sweep))
    note(`wrote ${printable(output)}`)
  }
  if (html !== undefined) await writePage(sweep, html)
  if (json) return printJson(sweepJson(sweep))
  // A pipe has no width: nothing is left out for lack of it.
  const width = process.stdout.isTTY ? process.stdout.columns : Infinity
  print(sweepText(sweep, { width, color: wantsColor(process.stdout) }))
}

async function writePage(sweep: Sweep, path: string): Promise<void> {
  const [{ sweepPage }, { readPageAssets }] = await Promise.all([
    import('../../report/html/sweep-page.ts'),
    import('../../host/package.ts'),
  ])
  const points = shownPoints(sweep)
  await writeOutput(path, sweepPage(sweepData(sweep, points), readPageAssets('sweep')))
  const some = points.length < sweep.front.length ? ` with ${exact(points.length)} of the points` : ''
  note(`wrote ${printable(path)}${some}`)
}
