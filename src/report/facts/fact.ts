import type { Style } from '../paint.ts'

/** A line of a summary: what is counted, how much it is, and what there is to say about it. */
export interface Fact {
  readonly label: string
  readonly number: string
  readonly unit: string
  readonly note: string
  readonly style?: Style
}

/** Facts that belong together. */
export interface Section {
  readonly title: string
  readonly facts: readonly Fact[]
}
