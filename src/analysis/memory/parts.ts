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
