import type { SweepPlan } from '../../analysis/sweep/evaluate.ts'
import { Results } from '../../analysis/sweep/results.ts'
import { exact, significant } from '../../report/units.ts'
import { placeOf } from '../output-place.ts'
import { clearProgress, note } from '../terminal.ts'
import { fingerprintOf } from './fingerprint.ts'
import { stoppable } from './interrupt.ts'
import { Journal, type Attitude } from './journal.ts'
import type { SweepRequest } from './plan.ts'
import { evaluateAll } from './pool.ts'
import { durationText, Progress } from './progress.ts'

export interface RunRequest {
  readonly sweep: SweepRequest
  readonly plan: SweepPlan
  readonly workers: number
  /** The table's file, if one is wanted: beside it the results are kept while they are not complete. */
  readonly output?: string
  readonly attitude: Attitude
}

export interface Run {
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
