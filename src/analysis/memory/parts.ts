import { nothing, type Amount } from './amount.ts'

/** What memory is for, as the report names it. */
export const parts = [
  'weights',
  'running statistics',
  'weight gradients',
  'optimiser state',
  /** Half-precision copies of the weights, which autocast makes once a step. */
  'weight copies',
  'input',
  'kept for backward',
  /** Alive because a later operator reads them, not because the backward pass does. */
  'activations',
  'activation gradients',
  /** Gone when the operator that asked for it is done. */
  'workspace',
] as const

export type Part = (typeof parts)[number]

/** Bytes in use at one moment, by part. */
export type Occupancy = Readonly<Record<Part, Amount>>

export const emptyOccupancy: Occupancy = {
  weights: nothing,
  'running statistics': nothing,
  'weight gradients': nothing,
  'optimiser state': nothing,
  'weight copies': nothing,
  input: nothing,
  'kept for backward': nothing,
  activations: nothing,
  'activation gradients': nothing,
  workspace: nothing,
}

export function totalOf(occupancy: Occupancy): Amount {
  let image = 0
  let step = 0
  for (const part of parts) {
    image += occupancy[part].image
    step += occupancy[part].step
  }
  return { image, step }
}
