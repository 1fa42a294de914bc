/** A design space and what its points cost: what `archc sweep` hands to its page. */
export interface SweepData {
  /** The network or file that was varied. */
  readonly spec: string
  /** Keys of `values` by which `pareto` was decided. */
  readonly objectives: readonly string[]
  /** Keys of `values` of which more is better; of all others, less is. */
  readonly maximise?: readonly string[]
  readonly points: readonly SweepPoint[]
}

export interface SweepPoint {
  /** `width` → `1.25`: as the command line would take them. */
  readonly settings: Readonly<Record<string, string>>
  /** `macs` → 5734965248. */
  readonly values: Readonly<Record<string, number>>
  /** Whether no other point is at least as good in all objectives and better in one. */
  readonly pareto: boolean
}
