import type { Amount } from './amount.ts'
import { parts, type Part } from './parts.ts'

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
