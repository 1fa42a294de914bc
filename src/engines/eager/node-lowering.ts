import type { Graph } from '../../ir/graph.ts'
import type { Attributes, Forward } from '../../ir/ops/definition.ts'
import { elements } from '../../ir/tensor-type.ts'
import { learnedParameters, type TypedNode } from '../../ir/view.ts'
import {
  bytesPerElement,
  type DataType,
  type ElementType,
  type ExecutionOptions,
  INDEX_BYTES,
  type Kernel,
  type KernelKind,
  type KernelWork,
  makeKernel,
  precise,
  widest,
} from '../kernel.ts'
import {
  type Amount,
  type MemoryPart,
  noBytes,
  perImage,
  perStep,
  plus,
  noStorages,
  type Storage,
  type StorageId,
} from '../schedule.ts'
import { backwardKernels } from '../training.ts'

/** Index into the tensors of a pass, or of a node that is lowered by itself. */
export type TensorId = number

/** A tensor of a run: the value of a graph, or one that only PyTorch sees, such as a cast's. */
export interface Tensor {
  readonly id: TensorId
  readonly storage: StorageId
  readonly type: ElementType
  readonly elements: number
  readonly needsGradient: boolean
  /** Whether it is a part of another tensor and does not lie densely in memory. */
  readonly isStrided: boolean
}

/** How a tensor lies, wherever that is. */
type TensorState = Omit<Tensor, 'id' | 'storage'>

export const tensorBytes = ({ elements, type }: Pick<Tensor, 'elements' | 'type'>): number =>
  elements * bytesPerElement[type]

/** One call of the forward pass, and what autograd needs to know to go back through it. */
export interface ForwardCall {
  readonly kernels: readonly Kernel[]
  readonly inputs: readonly Tensor[]
  readonly outputs: readonly Tensor[]
  /** What is allocated beside the outputs and lives on: statistics, indices, copies of weights. */
  readonly makes: readonly StorageId[]
  /** What has to stay for the backward pass. */
  readonly keeps: readonly StorageId[]
  /** Inputs whose gradient is the output's, or a part of it, and takes no memory of its own. */
  readonly shared: readonly Tensor[]
  readonly scratch: Amount
  readonly backward: { readonly kernels: readonly Kernel[]; readonly scratch: Amount }
}

type NewCall = Pick<ForwardCall, 'inputs' | 'outputs'> &
  Partial<Omit<ForwardCall, 'inputs' | 'outputs' | 'kernels'>>

const nothingBackward: ForwardCall['backward'] = { kernels: [], scratch: noBytes }

/** Bytes of a statistic: means and deviations are kept in fp32. */
const STATISTIC_BYTES = 4

/**
 * One node on its way to calls. Tensors and storages are numbered within the node: first the operands and their storages, by
 * position, then what the node makes. Nothing in it depends on the node's place in the graph, so that a node that repeats
 * is lowered once.
 */
export class NodeLowering<A extends Attributes = Attributes> {
  readonly calls: ForwardCall[] = []
  readonly operands: readonly Tensor[]
  /** The operands, then the tensors that the node makes. */
  readonly tensors: Tensor[]
  /** What the node allocates. */
  readonly storages: Storage[] = []
  /** Storages that last to the end of the pass although no call needs them. */
  readonly held: StorageId[] = []
  /** Storages of which a tensor shows another look. */
  readonly viewed: StorageId[] = []
  readonly attributes: A
  /** Elements of the node's parameters that training changes. */
  readonly learned: number
  readonly needsGradient: boolean
  readonly isTraining: boolean
  /** The types in which PyTorch keeps and computes. */
  readonly types: (typeof precise)[keyof typeof precise]
  /** The work of the pass that the options ask for. */
  readonly forward: Forward
  private launched: Kernel[] = []

  /** @param canOverwrite whether nothing else needs the first operand, so that a result may take its memory */
  constructor(
    readonly graph: Graph,
    readonly typed: TypedNode,
    readonly options: ExecutionOptions,
    operands: readonly TensorState[],
    readonly canOverwrite: boolean,
  ) {
    this.attributes = typed.node.attributes as A
    this.tensors = operands.map(({ type, elements, needsGradient, isStrided }, id) => ({
      id,
      storage: id,
      type,
      elements,
      needsGradient,
      isStrided,
    }))
    this.operands = this.tensors.slice()
    this.learned = learnedParameters(graph, typed.node)
    this.needsGradient = this.learned > 0 || operands.some(({ needsGradient }) => needsGradient)
    this.isTraining = options.mode === 'training'
    this.types = precise[options.precision]
    this.forward = this.isTraining ? typed.cost.training : typed.cost.inference
  }

  /** Operand `index`; that there is one, `infer` has seen to. */
  operand(index = 0): Tensor {
    const tensor = this.operands[index]
    if (tensor === undefined) throw new Error(`${this.typed.node.path} has no input ${index}`)
    return tensor
  }

  get widestOperand(): ElementType {
    return widest(this.operands.map(({ type }) => type))
  }

  /** A kernel of the call that comes next. */
  launch(name: string, kind: KernelKind, work: KernelWork, type: DataType = this.types.computes): void {
    this.launched.push(makeKernel(name, kind, type, work))
  }

  /** A kernel that reads and writes elements of one type: a copy, a transposition, a padding. */
  launchCopy(name: string, size: number, type: ElementType, written = size): void {
    const each = bytesPerElement[type]
    this.launch(name, 'copy', { read: size * each, written: written * each })
  }

  /** A call of the kernels that were launched since the last one. Only a result with a gradient keeps anything. */
  call(call: NewCall): void {
    const { inputs, outputs, makes = noStorages, shared = [], scratch = noBytes } = call
    const { keeps = noStorages, backward = nothingBackward } = call
    const isLearned = this.isTraining && outputs.some(({ needsGradient }) => needsGradient)
    if (isLearned) for (const id of keeps) this.keep(id)
    this.calls.push({
      kernels: this.launched,
      inputs,
      outputs,
      makes,
      keeps: isLearned ? keeps : noStorages,
      shared,
      scratch,
      backward,
    })
    this.launched = []
  }

  private keep(id: StorageId): void {
    const own = id - this.operands.length
    const storage = this.storages[own]
    if (storage !== undefined) this.storages[own] = keptStorage(storage)
  }

  allocate({ image, step }: Amount, part: MemoryPart): StorageId {
    this.storages.push({ image, step, part })
    return this.operands.length + this.storages.length - 1
  }

  private tensor(
    storage: StorageId,
    type: ElementType,
    elements: number,
    needsGradient: boolean,
    isStrided: boolean,
  ): Tensor {
    const tensor = { id: this.tensors.length, storage, type, elements, needsGradient, isStrided }
    this.tensors.push(tensor)
    return tensor
  }

  /** A tensor in memory of its own. */
  fresh(elements: number, type: ElementType, needsGradient: boolean): Tensor {
    this.storages.push({ image: elements * bytesPerElement[type], step: 0, part: 'activations' })
    const storage = this.operands.length + this.storages.length - 1
    return this.tensor(storage, type, elements, needsGradient, false)
  }

  /** A tensor in the memory of another, which is no longer needed. */
  overwriting({ storage, type, elements }: Tensor, needsGradient: boolean): Tensor {
    return this.tensor(storage, type, elements, needsGradient, false)
  }

  /** A tensor for each output of the node, in memory of its own. */
  freshOutputs(type = this.widestOperand): readonly Tensor[] {
    return this.typed.outputs.map((output) => this.fresh(elements(output), type, this.needsGradient))
  }

  /** Another look at a tensor's memory, or at some of it. */
  view(tensor: Tensor, elements: number, isStrided: boolean): Tensor {
    const { storage, type, needsGradient } = tensor
    this.viewed.push(storage)
    return this.tensor(storage, type, elements, needsGradient, isStrided)
  }

  /**
   * A tensor as a kernel wants it: cast where it lies in another type, which is a call of its own.
   * @param size elements that are wanted of it; default: all
   */
  cast(tensor: Tensor, wanted: ElementType, size = tensor.elements): Tensor {
    if (tensor.type === wanted) return tensor
    const copy = this.fresh(size, wanted, tensor.needsGradient)
    const read = size * bytesPerElement[tensor.type]
    this.launch('cast', 'cast', { read, written: tensorBytes(copy) }, 'fp32')
    this.call({ inputs: [tensor], outputs: [copy] })
    return copy
  }

  /** Gradients of parameters before they are added to those that the optimiser reads. */
  get weightGradients(): Amount {
    return perStep(this.learned * bytesPerElement[this.types.kept])
  }

  /** The kernels of the node's gradients, as its operator's cost has them. */
  backwardKernels(type: ElementType): readonly Kernel[] {
    if (!this.isTraining) return []
    return backwardKernels(this.graph, this.typed, this.options, type, INDEX_BYTES)
  }

  /** Small things that a node keeps in training beside its tensors: statistics, positions, masks. */
  notes(): readonly StorageId[] {
    if (!this.isTraining) return []
    const { statistics, indices, mask } = this.typed.cost.saves
    const amounts = [perStep(statistics * STATISTIC_BYTES), perImage(indices * INDEX_BYTES), perImage(mask)]
    return amounts
      .filter(({ image, step }) => image + step > 0)
      .map((amount) => this.allocate(amount, 'kept for backward'))
  }

  /** The last call of most operators: it makes the outputs, and keeps what the operator's cost says. */
  finish(
    inputs: readonly Tensor[],
    outputs: readonly Tensor[],
    more: { readonly shared?: readonly Tensor[]; readonly backwardScratch?: number } = {},
  ): readonly Tensor[] {
    const { saves, inference } = this.typed.cost
    if (!this.isTraining) {
      const scratch = inference.indices === 0 ? noBytes : perImage(inference.indices * INDEX_BYTES)
      this.call({ inputs, outputs, scratch })
      return outputs
    }
    const notes = this.notes()
    this.call({
      inputs,
      outputs,
      makes: notes,
      keeps: [...storagesAt(inputs, saves.inputs), ...storagesAt(outputs, saves.outputs), ...notes],
      shared: more.shared ?? [],
      backward: {
        kernels: this.backwardKernels(outputs[0]?.type ?? 'fp32'),
        scratch: plus(this.weightGradients, perImage(more.backwardScratch ?? 0)),
      },
    })
    return outputs
  }
}

/** What the backward pass needs is told apart from what only a later call needs. */
export const keptStorage = (storage: Storage): Storage =>
  storage.part === 'activations'
    ? { image: storage.image, step: storage.step, part: 'kept for backward' }
    : storage

const storagesAt = (tensors: readonly Tensor[], positions: readonly number[]): StorageId[] =>
  positions.flatMap((position) => tensors[position]?.storage ?? [])
