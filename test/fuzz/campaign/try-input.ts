import { Random } from '../random.ts'
import { Probe, SLOW, type Problem, type Target } from '../target.ts'

/** Where an input comes from: together these make it again. */
export interface Origin {
  readonly target: string
  readonly seed: string
  readonly index: number
}

export const makeInput = (target: Target, seed: string, index: number): unknown =>
  target.make(new Random(`${target.name}/${seed}/${index}`))

export interface Trial {
  readonly problems: readonly Problem[]
  readonly tallies: ReadonlyMap<string, number>
  readonly slowest: { readonly step: string; readonly milliseconds: number }
}

/**
 * Runs the target on an input. Most inputs are refused, by errors whose stacks nobody reads: these are left out, which
 * saves a tenth of the time, and an input with an exception is tried again to see its stack. A slow step is tried again
 * too, since another process may have had the machine, or V8 compiled what it runs: it is a problem only if it computes
 * too long the second time.
 */
export async function tryInput(target: Target, input: unknown): Promise<Trial> {
  const first = await withoutStacks(() => runOnce(target, input, 'clock'))
  const hasException = first.problems.some(({ kind }) => kind === 'exception')
  if (first.slowest.milliseconds <= SLOW && !hasException) return first
  const again = await runOnce(target, input, 'work')
  const { step, milliseconds } = again.slowest
  if (milliseconds > SLOW) {
    const detail = `${step} took ${(milliseconds / 1000).toFixed(1)} s`
    again.problems.push({ kind: 'slow', signature: `${step}: slow`, detail })
  }
  return again
}

async function withoutStacks<T>(work: () => Promise<T>): Promise<T> {
  const before = Error.stackTraceLimit
  Error.stackTraceLimit = 0
  try {
    return await work()
  } finally {
    Error.stackTraceLimit = before
  }
}

async function runOnce(target: Target, input: unknown, measures: 'clock' | 'work'): Promise<Probe> {
  const probe = new Probe(measures)
  await target.run(input, probe)
  return probe
}
