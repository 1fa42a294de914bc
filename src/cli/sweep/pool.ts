import { Worker } from 'node:worker_threads'
import type { Outcome } from '../../sweep/evaluate.ts'
import type { SweepRequest } from './plan.ts'
import type { Chunk, ChunkResult } from './serve.ts'

interface PoolRequest {
  readonly workers: number
  /** The first point that is not known yet, and how many there are in all. */
  readonly from: number
  readonly points: number
  readonly sweep: SweepRequest
  /** Stops the work; what was evaluated until then has been told. */
  readonly signal: AbortSignal
}

/** Large enough that messages cost nothing, small enough that progress shows. */
const LARGEST_CHUNK = 32
/** A point makes some 5 MB of garbage: with room for several, little of it is copied. V8's own choice is 48. */
const YOUNG_MB = 96
/** Chunks that may wait for an earlier one. */
const WINDOW = 64

/**
 * Evaluates points on threads.
 * @param tell is told all outcomes in the order of the points; what it throws ends the work
 * @throws what a worker threw
 */
export async function evaluateAll(
  request: PoolRequest,
  tell: (first: number, outcomes: readonly Outcome[]) => void,
): Promise<void> {
  if (request.from >= request.points || request.signal.aborted) return
  const pool = new Pool(request, tell)
  try {
    await pool.run()
  } finally {
    await pool.close()
  }
}

class Pool {
  private readonly workers: Worker[] = []
  private readonly idle: Worker[] = []
  /** Outcomes whose predecessors are not known yet, by their first point. */
  private readonly waiting = new Map<number, readonly Outcome[]>()
  private readonly chunk: number
  private next: number
  private told: number

  constructor(
    private readonly request: PoolRequest,
    private readonly tell: (first: number, outcomes: readonly Outcome[]) => void,
  ) {
    const { from, points, workers } = request
    this.chunk = Math.max(1, Math.min(LARGEST_CHUNK, Math.floor((points - from) / (4 * workers))))
    this.next = from
    this.told = from
  }

  run(): Promise<void> {
    const { workers, points, signal } = this.request
    const useful = Math.min(workers, Math.ceil((points - this.next) / this.chunk))
    return new Promise((done, failed) => {
      signal.addEventListener('abort', () => {
        done()
      })
      for (let i = 0; i < useful; i++) this.idle.push(this.start(done, failed))
      this.assign()
    })
  }

  private start(done: () => void, failed: (reason: unknown) => void): Worker {
    const worker = new Worker(new URL('./sweep-worker.cjs', import.meta.url), {
      workerData: this.request.sweep,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    })
    worker.on('message', (result: ChunkResult) => {
      try {
        this.take(result)
      } catch (error) {
        failed(error)
      }
      this.idle.push(worker)
      this.assign()
      if (this.told >= this.request.points) done()
    })
    worker.on('error', failed)
    this.workers.push(worker)
    return worker
  }

  private assign(): void {
    while (
      this.idle.length > 0 &&
      this.next < this.request.points &&
      this.next - this.told < WINDOW * this.chunk
    ) {
      const chunk: Chunk = { first: this.next, count: Math.min(this.chunk, this.request.points - this.next) }
      this.next += chunk.count
      this.idle.shift()?.postMessage(chunk)
    }
  }

  private take({ first, outcomes }: ChunkResult): void {
    this.waiting.set(first, outcomes)
    for (let known = this.waiting.get(this.told); known !== undefined; known = this.waiting.get(this.told)) {
      this.waiting.delete(this.told)
      const at = this.told
      this.told += known.length
      if (!this.request.signal.aborted) this.tell(at, known)
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.terminate()))
  }
}
