/**
 * Tries inputs, one after the other, in a process of its own, which the supervisor ends where an input does not come to
 * an end. A file says which input is being tried, so that the supervisor knows it even of a process that is gone.
 */
import { openSync, writeSync } from 'node:fs'
import type { Problem, Target } from '../target.ts'
import { targetNamed, targetOfTurn } from '../targets/index.ts'
import { writeFinding } from './finding.ts'
import { minimise } from './minimise.ts'
import { makeInput, tryInput } from './try-input.ts'

export interface Job {
  readonly seed: string
  readonly only: string | undefined
  readonly start: number
  /** Every so many-eth number is this worker's. */
  readonly stride: number
  /** The first number that is not to be tried. */
  readonly end: number
  readonly milliseconds: number
  readonly folder: string
  readonly stateFile: string
  /** Signatures that are known: no files for more of them. */
  readonly known: readonly string[]
}

export interface TargetCounts {
  inputs: number
  problems: number
  milliseconds: number
  slowest: { index: number; step: string; milliseconds: number }
  /** The input that raised the most memory that the process has held. */
  largest: { index: number; megabytes: number }
  tallies: Record<string, number>
}

export type Message =
  | {
      readonly kind: 'counts'
      readonly counts: Readonly<Record<string, TargetCounts>>
      readonly next: number
      /** Seconds of this process so far. */
      readonly computed: number
    }
  | { readonly kind: 'finding'; readonly problem: Problem; readonly path: string; readonly count: number }
  | { readonly kind: 'done'; readonly next: number; readonly reason: 'end' | 'memory' }

/** Above what the process held once it had got going. */
const MEMORY = 512
const REPORT_EVERY = 1000
/** In so many milliseconds nothing takes much memory, and to ask takes a while on some systems. */
const BRIEF = 10

const megabytes = (): number => process.resourceUsage().maxRSS / 1024

class Worker {
  private readonly counts: Record<string, TargetCounts> = {}
  private readonly signatures: Set<string>
  private readonly state: number
  private readonly started = performance.now()
  private reported = 0
  private readonly base: number
  /** Megabytes at most so far. */
  private held: number

  constructor(private readonly job: Job) {
    this.signatures = new Set(job.known)
    this.state = openSync(job.stateFile, 'w')
    this.base = megabytes()
    this.held = this.base
  }

  async run(): Promise<void> {
    const { start, stride, end, milliseconds } = this.job
    let index = start
    for (; index < end && performance.now() - this.started < milliseconds; index += stride) {
      const isLarge = await this.one(index)
      if (performance.now() - this.reported > REPORT_EVERY) await this.report(index + stride)
      if (isLarge) return this.finish(index + stride, 'memory')
    }
    await this.finish(index, 'end')
  }

  /** Whether it took so much memory that this process can't see a second such input. */
  private async one(index: number): Promise<boolean> {
    const target = targetNamed(this.job.only ?? targetOfTurn(index))
    this.saysThat(index, 0)
    const counts = (this.counts[target.name] ??= newCounts())
    const started = performance.now()
    const input = makeInput(target, this.job.seed, index)
    const { problems, slowest, tallies } = await tryInput(target, input)
    counts.inputs++
    const milliseconds = performance.now() - started
    counts.milliseconds += milliseconds
    if (slowest.milliseconds > counts.slowest.milliseconds) counts.slowest = { index, ...slowest }
    for (const [name, count] of tallies) counts.tallies[name] = (counts.tallies[name] ?? 0) + count
    const held = milliseconds < BRIEF ? this.held : megabytes()
    const hasRisen = held > this.held
    this.held = held
    if (hasRisen && held - this.base > counts.largest.megabytes)
      counts.largest = { index, megabytes: Math.round(held - this.base) }
    const isLarge = hasRisen && held - this.base > MEMORY
    const all = isLarge ? [...problems, memoryProblem(held - this.base)] : problems
    counts.problems += all.length === 0 ? 0 : 1
    for (const problem of all) await this.found(target, index, input, problem)
    return isLarge
  }

  /** For the supervisor: the input in hand, and how often it was made smaller. */
  private saysThat(index: number, trials: number): void {
    writeSync(this.state, `${index} ${trials}`.padEnd(30), 0)
  }

  private async found(target: Target, index: number, input: unknown, problem: Problem): Promise<void> {
    const signature = `${target.name}: ${problem.signature}`
    if (this.signatures.has(signature)) return
    this.signatures.add(signature)
    const before = (trials: number): void => this.saysThat(index, trials)
    const smaller =
      problem.kind === 'memory' ? input : await minimise(target, input, problem.signature, before)
    const origin = { target: target.name, seed: this.job.seed, index }
    const path = writeFinding(this.job.folder, { ...origin, problem, input: smaller })
    this.send({ kind: 'finding', problem: { ...problem, signature }, path, count: 1 })
  }

  private async report(next: number): Promise<void> {
    this.reported = performance.now()
    const { user, system } = process.cpuUsage()
    this.send({ kind: 'counts', counts: this.counts, next, computed: (user + system) / 1e6 })
    // Messages leave when the program gets round to it.
    await new Promise((resolve) => setImmediate(resolve))
  }

  private async finish(next: number, reason: 'end' | 'memory'): Promise<void> {
    await this.report(next)
    process.send?.({ kind: 'done', next, reason } satisfies Message, () => process.exit(0))
  }

  private send(message: Message): void {
    process.send?.(message)
  }
}

const newCounts = (): TargetCounts => ({
  inputs: 0,
  problems: 0,
  milliseconds: 0,
  slowest: { index: 0, step: '', milliseconds: 0 },
  largest: { index: 0, megabytes: 0 },
  tallies: {},
})

const memoryProblem = (held: number): Problem => ({
  kind: 'memory',
  signature: 'memory',
  detail: `the process came to hold ${Math.round(held)} MB more than at its start`,
})

process.once('message', (job: Job) => void new Worker(job).run())
