import { parentPort, workerData } from 'node:worker_threads'
import { outcomeOfPoint, type Outcome } from '../../sweep/evaluate.ts'
import { sweepPlan, type SweepRequest } from './plan.ts'

/** Points in a row. */
export interface Chunk {
  readonly first: number
  readonly count: number
}

export interface ChunkResult {
  readonly first: number
  readonly outcomes: readonly Outcome[]
}

/** What a worker thread does: evaluates the chunks that it is sent, one after the other. */
export async function serve(): Promise<void> {
  const plan = await sweepPlan(workerData as SweepRequest, () => undefined)
  const evaluate = async ({ first, count }: Chunk): Promise<ChunkResult> => {
    const outcomes: Outcome[] = []
    for (let point = first; point < first + count; point++) outcomes.push(await outcomeOfPoint(plan, point))
    return { first, outcomes }
  }
  // A rejection that nobody handles ends the worker, and its owner is told.
  parentPort?.on('message', (chunk: Chunk) => {
    void evaluate(chunk).then((result) => parentPort?.postMessage(result))
  })
}
