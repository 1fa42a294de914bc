import type { Random } from './random.ts'

/** What is wrong with what the product did with an input. */
export interface Problem {
  readonly kind: 'exception' | 'slow' | 'memory' | 'wrong'
  /** Problems with equal signatures are of one cause, most likely. */
  readonly signature: string
  readonly detail: string
}

/** A parser of something from outside, and what may be asked of it for any input. */
export interface Target<Input = unknown> {
  readonly name: string
  /** The input of a seed; plain data, but for bytes. */
  make(random: Random): Input
  run(input: Input, probe: Probe): Promise<void> | void
  /** Smaller inputs to try, by which a finding is made smaller. */
  smaller?(input: Input): Iterable<Input>
}

/** A command that people wait for should not compute longer, whatever its input. In milliseconds. */
export const SLOW = 2000

/** Gives the milliseconds since now. */
type Watch = () => () => number

const byClock: Watch = () => {
  const start = performance.now()
  return () => performance.now() - start
}

/** What this process has computed: other processes may have the machine meanwhile. To ask takes a while on some systems. */
const byWork: Watch = () => {
  const start = process.cpuUsage()
  return () => {
    const { user, system } = process.cpuUsage(start)
    return (user + system) / 1000
  }
}

/** Through which a target says what it does and what it finds. */
export class Probe {
  readonly problems: Problem[] = []
  readonly tallies = new Map<string, number>()
  /** Of the slowest step. */
  slowest = { step: '', milliseconds: 0 }
  private readonly startWatch: Watch

  constructor(measures: 'clock' | 'work' = 'clock') {
    this.startWatch = measures === 'clock' ? byClock : byWork
  }

  /**
   * Does a step, and notes how long it takes. An exception of it is a problem, unless `allowed` says that it is an answer; then, and
   * after a problem, it gives `undefined`.
   */
  step<T>(name: string, work: () => T, allowed: (error: unknown) => boolean = () => false): T | undefined {
    const started = this.startWatch()
    try {
      return work()
    } catch (error) {
      this.caught(name, error, allowed)
      return undefined
    } finally {
      this.took(name, started())
    }
  }

  async stepAsync<T>(
    name: string,
    work: () => Promise<T>,
    allowed: (error: unknown) => boolean = () => false,
  ): Promise<T | undefined> {
    const started = this.startWatch()
    try {
      return await work()
    } catch (error) {
      this.caught(name, error, allowed)
      return undefined
    } finally {
      this.took(name, started())
    }
  }

  expect(holds: boolean, signature: string, detail: () => string = () => ''): void {
    if (!holds) this.problems.push({ kind: 'wrong', signature, detail: detail() })
  }

  tally(name: string): void {
    this.tallies.set(name, (this.tallies.get(name) ?? 0) + 1)
  }

  private took(step: string, milliseconds: number): void {
    if (milliseconds > this.slowest.milliseconds) this.slowest = { step, milliseconds }
  }

  private caught(step: string, error: unknown, allowed: (error: unknown) => boolean): void {
    if (allowed(error)) return
    const { name, message, stack = '' } = error instanceof Error ? error : new Error(String(error))
    const frames = stack.split('\n').filter((line) => line.includes(' at '))
    const site = /at (?:async )?([\w.<>]+)/.exec(frames[0] ?? '')?.[1] ?? ''
    // Where a stack overflows is by chance.
    const where = error instanceof RangeError && message.includes('call stack') ? '' : ` in ${site}`
    const text =
      message
        .split('\n')[0]
        ?.replace(/\d+|`[^`]*`|"[^"]*"/g, '_')
        .slice(0, 120) ?? ''
    this.problems.push({
      kind: 'exception',
      signature: `${step}: ${name}: ${text}${where}`,
      detail: stack.slice(0, 4000),
    })
  }
}
