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
