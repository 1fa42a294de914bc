import { fork, type ChildProcess } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Problem } from '../target.ts'
import { targetNamed, targetOfTurn } from '../targets/index.ts'
import { writeFinding } from './finding.ts'
import { makeInput } from './try-input.ts'
import type { Job, Message, TargetCounts } from './worker.ts'

export interface Campaign {
  readonly seed: string
  /** The one target to try; all in turn where it is absent. */
  readonly only: string | undefined
  readonly start: number
  readonly end: number
  readonly minutes: number
  readonly workers: number
  readonly folder: string
  /** The program of a worker. */
  readonly program: string
  /** Says how it goes; nothing for tests. */
  readonly say: (line: string) => void
}

export interface Result {
  readonly counts: ReadonlyMap<string, TargetCounts>
  /** The problems that differ, with the file of each and how often it was seen. */
  readonly findings: ReadonlyMap<string, { readonly problem: Problem; readonly path: string }>
  readonly seconds: number
  /** Seconds that the workers computed. On a busy machine that is less than the clock says. */
  readonly computed: number
}

/** An input that takes this long does not end, for all that anyone cares. In milliseconds. */
const HANGS = 120_000
const LOOK_EVERY = 500
const SAY_EVERY = 10_000
/** Megabytes that V8 may hold: more than what counts as too much, so that most such inputs end by themselves. */
const HEAP = 1024
/** One thread for each worker: those that V8 has for its compiler and its memory cost more than they save here. */
const V8 = [`--max-old-space-size=${HEAP}`, '--max-semi-space-size=32', '--single-threaded']

/** Runs workers until the inputs or the minutes are used up, and goes on behind each input that ends one. */
export async function runCampaign(campaign: Campaign): Promise<Result> {
  const result = {
    counts: new Map<string, TargetCounts>(),
    findings: new Map<string, { problem: Problem; path: string }>(),
  }
  const started = performance.now()
  rmSync(join(campaign.folder, 'state'), { recursive: true, force: true })
  mkdirSync(join(campaign.folder, 'state'), { recursive: true })
  const numbers = Array.from({ length: campaign.workers }, (_, number) => number)
  const workers = numbers.map((number) => new Supervised(campaign, number, result.findings))
  const saying = setInterval(() => campaign.say(progress(workers, result.findings.size, started)), SAY_EVERY)
  await Promise.all(workers.map((worker) => worker.run()))
  clearInterval(saying)
  for (const { finished } of workers) for (const counts of finished) addCounts(result.counts, counts)
  const computed = workers.reduce((sum, worker) => sum + worker.computed, 0)
  return { ...result, seconds: (performance.now() - started) / 1000, computed }
}

type Counts = Readonly<Record<string, TargetCounts>>

class Supervised {
  /** Of the processes that are gone. */
  readonly finished: Counts[] = []
  current: Counts = {}
  /** Seconds that the processes which are gone computed. */
  computed = 0
  private computing = 0
  private next: number
  private readonly stateFile: string
  private readonly deadline: number

  constructor(
    private readonly campaign: Campaign,
    number: number,
    private readonly findings: Map<string, { problem: Problem; path: string }>,
  ) {
    this.next = campaign.start + number
    this.stateFile = join(campaign.folder, `state/worker-${number}`)
    this.deadline = performance.now() + campaign.minutes * 60_000
  }

  async run(): Promise<void> {
    while (this.next < this.campaign.end && performance.now() < this.deadline) {
      const before = this.next
      const ended = await this.process()
      this.finished.push(this.current)
      this.current = {}
      this.computed += this.computing
      this.computing = 0
      if (ended === 'done') continue
      const state = this.state()
      const index = state === '' ? before : Number.parseInt(state, 10)
      this.endedAt(index, ended)
      this.next = index + this.campaign.workers
    }
  }

  /** One process of the worker, until it is done or gone. */
  private process(): Promise<'done' | 'hangs' | 'gone'> {
    const child = fork(this.campaign.program, [], {
      execArgv: V8,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      serialization: 'json',
    })
    child.send(this.job())
    return new Promise((resolve) => {
      let ended: 'done' | 'hangs' | 'gone' = 'gone'
      const watch = this.watch(child, () => (ended = 'hangs'))
      child.on('message', (message: Message) => {
        if (this.hear(message)) ended = 'done'
      })
      child.on('exit', () => {
        clearInterval(watch)
        resolve(ended)
      })
    })
  }

  private job(): Job {
    const { seed, only, end, workers, folder } = this.campaign
    return {
      seed,
      only,
      start: this.next,
      stride: workers,
      end,
      milliseconds: this.deadline - performance.now(),
      folder,
      stateFile: this.stateFile,
      known: [...this.findings.keys()],
    }
  }

  /** Whether the worker says that it is done. */
  private hear(message: Message): boolean {
    if (message.kind === 'finding') this.add(message.problem, message.path)
    else this.next = message.next
    if (message.kind === 'counts') {
      this.current = message.counts
      this.computing = message.computed
    }
    return message.kind === 'done'
  }

  private watch(child: ChildProcess, hangs: () => void): NodeJS.Timeout {
    let seen = ''
    let since = performance.now()
    return setInterval(() => {
      const state = this.state()
      if (state !== seen) since = performance.now()
      seen = state
      if (performance.now() - since < HANGS) return
      hangs()
      child.kill('SIGKILL')
    }, LOOK_EVERY)
  }

  private state(): string {
    try {
      return readFileSync(this.stateFile, 'utf8')
    } catch {
      return ''
    }
  }

  /** What the worker could not report of itself. */
  private endedAt(index: number, how: 'hangs' | 'gone'): void {
    const { only, seed, folder } = this.campaign
    const target = targetNamed(only ?? targetOfTurn(index))
    const problem: Problem =
      how === 'hangs'
        ? { kind: 'slow', signature: `hangs at ${index}`, detail: `not done after ${HANGS / 1000} s` }
        : {
            kind: 'memory',
            signature: `process gone at ${index}`,
            detail: `the heap of ${HEAP} MB was used up, most likely`,
          }
    const input = makeInput(target, seed, index)
    const path = writeFinding(folder, { target: target.name, seed, index, problem, input })
    this.add({ ...problem, signature: `${target.name}: ${problem.signature}` }, path)
  }

  private add(problem: Problem, path: string): void {
    if (this.findings.has(problem.signature)) return
    this.findings.set(problem.signature, { problem, path })
    this.campaign.say(`${problem.signature}\n    ${path}`)
  }
}

function addCounts(sums: Map<string, TargetCounts>, counts: Counts): void {
  for (const [name, more] of Object.entries(counts)) {
    const sum = sums.get(name)
    sums.set(name, sum === undefined ? more : added(sum, more))
  }
}

function added(a: TargetCounts, b: TargetCounts): TargetCounts {
  const names = new Set([...Object.keys(a.tallies), ...Object.keys(b.tallies)])
  return {
    inputs: a.inputs + b.inputs,
    problems: a.problems + b.problems,
    milliseconds: a.milliseconds + b.milliseconds,
    slowest: a.slowest.milliseconds >= b.slowest.milliseconds ? a.slowest : b.slowest,
    largest: a.largest.megabytes >= b.largest.megabytes ? a.largest : b.largest,
    tallies: Object.fromEntries(
      [...names].map((name) => [name, (a.tallies[name] ?? 0) + (b.tallies[name] ?? 0)]),
    ),
  }
}

function progress(workers: readonly Supervised[], findings: number, started: number): string {
  const all = workers.flatMap(({ finished, current }) => [...finished, current])
  const inputs = all.flatMap((counts) => Object.values(counts)).reduce((sum, each) => sum + each.inputs, 0)
  const seconds = (performance.now() - started) / 1000
  return `${inputs.toLocaleString('en')} inputs in ${seconds.toFixed(0)} s, ${(inputs / seconds).toFixed(0)} a second; ${findings} findings`
}
