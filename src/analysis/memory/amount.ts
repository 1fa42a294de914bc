/** Bytes: those that each image of the batch takes, and those that a step takes whatever its batch. */
export interface Amount {
  readonly image: number
  readonly step: number
}

export const nothing: Amount = { image: 0, step: 0 }

export const perImage = (bytes: number): Amount => ({ image: bytes, step: 0 })

export const perStep = (bytes: number): Amount => ({ image: 0, step: bytes })

export const plus = (a: Amount, b: Amount): Amount => ({ image: a.image + b.image, step: a.step + b.step })

export const atBatch = ({ image, step }: Amount, batch: number): number => image * batch + step

/** What memory is for, as the report names it. */
const parts = [
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

/** What is in use, part by part; changed in place, because a network has tens of thousands of changes. */
export class Ledger {
  private readonly images = new Map<Part, number>()
  private readonly steps = new Map<Part, number>()
  private image = 0
  private step = 0

  get total(): Amount {
    return { image: this.image, step: this.step }
  }

  /** The parts that are not empty. */
  get parts(): readonly (readonly [Part, Amount])[] {
    return parts
      .map((part) => [part, { image: this.images.get(part) ?? 0, step: this.steps.get(part) ?? 0 }] as const)
      .filter(([, { image, step }]) => image + step > 0)
  }

  change(part: Part, { image, step }: Amount, sign: 1 | -1 = 1): void {
    if (image !== 0) this.images.set(part, (this.images.get(part) ?? 0) + sign * image)
    if (step !== 0) this.steps.set(part, (this.steps.get(part) ?? 0) + sign * step)
    this.image += sign * image
    this.step += sign * step
  }
}
