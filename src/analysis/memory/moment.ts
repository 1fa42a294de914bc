import type { Amount } from './amount.ts'
import type { StorageId } from './tape.ts'

/** A call of the forward or the backward pass, with the storages that it needs and those that it makes. */
export interface Moment {
  readonly layer: number
  readonly pass: 'forward' | 'backward'
  readonly inputs: readonly StorageId[]
  readonly outputs: readonly StorageId[]
  /** Taken while it runs. */
  readonly scratch: Amount
}
