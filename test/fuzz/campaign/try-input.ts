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
 * Runs the target on an input. A slow step is tried again, since another process may have had the machine, or V8 compiled
 * what it runs: it is a problem only if it computes too long the second time.
 */
export async function tryInput(target: Target, input: unknown): Promise<Trial> {
  const first = await runOnce(target, input, 'clock')
  if (first.slowest.milliseconds <= SLOW) return first
  const again = await runOnce(target, input, 'work')
  const { step, milliseconds } = again.slowest
  if (milliseconds > SLOW) {
    const detail = `${step} took ${(milliseconds / 1000).toFixed(1)} s`
    again.problems.push({ kind: 'slow', signature: `${step}: slow`, detail })
  }
  return again
}

async function runOnce(target: Target, input: unknown, measures: 'clock' | 'work'): Promise<Probe> {
  const probe = new Probe(measures)
  await target.run(input, probe)
  return probe
}
