import type { Target } from '../target.ts'
import { tryInput } from './try-input.ts'

/** Trials at most; what is slow has fewer. */
const MOST_TRIALS = 600
const MOST_MILLISECONDS = 15_000

/** A smaller input with a problem of the same signature, found by leaving lines and characters out. */
export async function minimise(
  target: Target,
  input: unknown,
  signature: string,
  beforeTrial: (trials: number) => void,
): Promise<unknown> {
  const end = performance.now() + MOST_MILLISECONDS
  let best = input
  let trials = 0
  for (let isBetter = true; isBetter;) {
    isBetter = false
    for (const candidate of target.smaller?.(best) ?? []) {
      if (++trials > MOST_TRIALS || performance.now() > end) return best
      beforeTrial(trials)
      const { problems } = await tryInput(target, candidate)
      if (!problems.some((problem) => problem.signature === signature)) continue
      best = candidate
      isBetter = true
      break
    }
  }
  return best
}
