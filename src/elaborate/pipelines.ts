import type { ValueId } from '../ir/graph.ts'
import { operatorOf, type OpName } from '../ir/ops/index.ts'

/** What a value carries along its pipeline: the constant of a convolution, or those of several that were joined. */
interface Origin {
  /** The convolution's place in the order of execution; absent where origins were joined. */
  readonly filter?: number
  readonly joined: readonly Origin[]
  isNormed: boolean
}

/** One operator as it is added. */
interface Added {
  readonly op: OpName
  readonly inputs: readonly ValueId[]
  /** Whether it is a filter that was given no `bias`. */
  readonly biasIsOpen: boolean
}

/**
 * Finds the filters that a batch norm follows in the pipeline that they are written in, where it takes their bias
 * away. A pipeline ends where its value gets a name: in a statement, a part, a repetition of a stage, an argument of
 * a block. So a value that still has an origin here comes from the pipeline that is being evaluated. Blocks and slots
 * are steps as operators are: their `x` is the pipeline's value, and what they return flows on.
 */
export class Pipelines {
  private readonly origins = new Map<ValueId, Origin>()
  /** The keys of `origins`, in their order, which is that of evaluation. */
  private readonly open: ValueId[] = []
  private readonly normed = new Set<number>()

  /** @param place in the order of execution */
  add(place: number, { op, inputs, biasIsOpen }: Added, outputs: readonly ValueId[]): void {
    const { isNorm, keepsChannelConstants } = operatorOf(op)
    if (isNorm === true) for (const id of inputs) this.norm(this.origins.get(id))
    const origin = biasIsOpen
      ? { filter: place, joined: [], isNormed: false }
      : keepsChannelConstants === true
        ? this.join(inputs)
        : undefined
    if (origin !== undefined) for (const id of outputs) this.begin(id, origin)
  }

  /** Whether a batch norm follows the filter, directly or behind steps that keep a constant a constant. */
  isNormed(place: number): boolean {
    return this.normed.has(place)
  }

  /** The values got a name. */
  end(ids: readonly ValueId[]): void {
    for (const id of ids) this.origins.delete(id)
  }

  /** Every value from `first` on is known by a name now, or not at all. */
  endSince(first: ValueId): void {
    for (let last = this.open.at(-1); last !== undefined && last >= first; last = this.open.at(-1)) {
      this.open.pop()
      this.origins.delete(last)
    }
  }

  private begin(id: ValueId, origin: Origin): void {
    this.origins.set(id, origin)
    this.open.push(id)
  }

  private join(inputs: readonly ValueId[]): Origin | undefined {
    const joined = inputs.flatMap((id) => this.origins.get(id) ?? [])
    return joined.length > 1 ? { joined, isNormed: false } : joined[0]
  }

  /** Each origin is visited once, however it was joined. */
  private norm(first: Origin | undefined): void {
    const pending = first === undefined ? [] : [first]
    for (let origin = pending.pop(); origin !== undefined; origin = pending.pop()) {
      if (origin.isNormed) continue
      origin.isNormed = true
      if (origin.filter !== undefined) this.normed.add(origin.filter)
      for (const one of origin.joined) pending.push(one)
    }
  }
}
