/** Times alternatives in turns, so that a slow moment of the machine falls on all of them alike. */
export async function interleaved(
  alternatives: Readonly<Record<string, () => Promise<unknown>>>,
  { warmUp, runs }: { warmUp: number; runs: number },
): Promise<Record<string, number[]>> {
  const times: Record<string, number[]> = {}
  for (let run = -warmUp; run < runs; run++)
    for (const [name, work] of Object.entries(alternatives)) {
      const start = performance.now()
      await work()
      if (run >= 0) (times[name] ??= []).push(performance.now() - start)
    }
  return times
}

/** The middle one of an odd number of values. */
export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN

/** `123.4 ms (118.0 to 140.2)`: median, least and most. */
export const summary = (times: readonly number[]): string =>
  `${median(times).toFixed(1)} ms (${Math.min(...times).toFixed(1)} to ${Math.max(...times).toFixed(1)})`
