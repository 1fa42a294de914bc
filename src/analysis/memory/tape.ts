import { bytesPerElement, type Storage as ElementType } from '../../engines/kernel.ts'
import { nothing, perImage, type Amount, type Part } from './amount.ts'

/** Index into a tape's storages. */
export type StorageId = number

/** A piece of memory, which several tensors may look at. */
export interface Storage {
  readonly amount: Amount
  readonly part: Part
}

/** A tensor of a run: the value of a graph, or one that only the engine sees, such as a cast's. */
export interface Tensor {
  readonly storage: StorageId
  readonly type: ElementType
  readonly elements: number
  readonly needsGradient: boolean
}

/** One call of the engine. */
export interface Call {
  /** Index of the node that it is made for. */
  readonly layer: number
  readonly inputs: readonly Tensor[]
  readonly outputs: readonly Tensor[]
  /** What is allocated beside the outputs and lives on: statistics, indices, copies of weights. */
  readonly makes: readonly StorageId[]
  /** What has to stay for the backward pass. */
  readonly keeps: readonly StorageId[]
  /** Inputs whose gradient is the output's, or a part of it, and takes no memory of its own. */
  readonly shared: readonly Tensor[]
  readonly scratch: { readonly forward: Amount; readonly backward: Amount }
}

export type NewCall = Pick<Call, 'layer' | 'inputs' | 'outputs'> &
  Partial<Pick<Call, 'makes' | 'keeps' | 'shared'>> & { readonly scratch?: Partial<Call['scratch']> }

export const tensorBytes = ({ elements, type }: Pick<Tensor, 'elements' | 'type'>): number =>
  elements * bytesPerElement[type]

/** The forward pass as the calls that an engine makes, with the memory that they use. */
export class Tape {
  readonly calls: Call[] = []
  /** Storages that live to the end of the pass although no call needs them. */
  readonly held = new Set<StorageId>()
  readonly training: boolean
  private readonly all: Storage[] = []
  private readonly viewed = new Set<StorageId>()
  private readonly kept = new Set<StorageId>()

  constructor(training: boolean) {
    this.training = training
  }

  get storages(): readonly Storage[] {
    return this.all
  }

  allocate(amount: Amount, part: Part): StorageId {
    this.all.push({ amount, part })
    return this.all.length - 1
  }

  /** A tensor in memory of its own. */
  fresh(elements: number, type: ElementType, needsGradient: boolean, part: Part = 'activations'): Tensor {
    const storage = this.allocate(perImage(tensorBytes({ elements, type })), part)
    return { storage, type, elements, needsGradient }
  }

  /** Another look at a tensor's memory, or at some of it. */
  view(tensor: Tensor, elements = tensor.elements): Tensor {
    this.viewed.add(tensor.storage)
    return { ...tensor, elements }
  }

  /** Whether nothing but the tensor itself has a claim to its memory. */
  isFree({ storage }: Tensor): boolean {
    const part = this.all[storage]?.part
    return part === 'activations' && !this.kept.has(storage) && !this.viewed.has(storage)
  }

  call({ layer, inputs, outputs, makes = [], keeps = [], shared = [], scratch = {} }: NewCall): void {
    const isLearned = this.training && outputs.some(({ needsGradient }) => needsGradient)
    const lasting = isLearned ? keeps : []
    for (const id of lasting) this.keep(id)
    const { forward = nothing, backward = nothing } = scratch
    this.calls.push({
      layer,
      inputs,
      outputs,
      makes,
      keeps: lasting,
      shared,
      scratch: { forward, backward },
    })
  }

  private keep(id: StorageId): void {
    this.kept.add(id)
    const storage = this.all[id]
    if (storage?.part === 'activations') this.all[id] = { ...storage, part: 'kept for backward' }
  }
}
