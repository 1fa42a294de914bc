import type { Graph, ValueId } from '../../ir/graph.ts'
import type { Cost } from '../../ir/ops/definition.ts'
import { elements } from '../../ir/tensor-type.ts'
import type { GraphView, TypedNode } from '../../ir/view.ts'
import { bytesPerElement, type ElementType, type ExecutionOptions, precise } from '../kernel.ts'
import {
  type Amount,
  type EngineCall,
  type MemoryPart,
  noFused,
  perImage,
  type Storage,
  type StorageId,
} from '../schedule.ts'
import { eagerLoweringOf } from './lowerings.ts'
import { type ForwardCall, keptStorage, NodeLowering, type Tensor, type TensorId } from './node-lowering.ts'

/** What a node is on PyTorch; the same for every node that does the same on operands that lie the same way. */
export interface LoweredNode extends Pick<
  NodeLowering,
  'tensors' | 'storages' | 'held' | 'viewed' | 'calls'
> {
  readonly outputs: readonly Tensor[]
}

/** @param canOverwrite whether nothing else needs the first operand, so that a result may take its memory */
export function lowerNode(
  graph: Graph,
  typed: TypedNode,
  options: ExecutionOptions,
  operands: readonly Omit<Tensor, 'id' | 'storage'>[],
  canOverwrite: boolean,
): LoweredNode {
  const node = new NodeLowering(graph, typed, options, operands, canOverwrite)
  const outputs = eagerLoweringOf(typed.node.op)(node)
  const { tensors, storages, held, viewed, calls } = node
  return { tensors, storages, held, viewed, calls, outputs }
}

/** A node in its place: the pass's numbers of the tensors and storages that its lowering numbers from 0. */
interface PlacedNode {
  readonly lowered: LoweredNode
  readonly tensors: readonly TensorId[]
  readonly storages: readonly StorageId[]
}

/**
 * The forward pass of eager PyTorch. In training it is also what autograd walks back: which tensors each call took and gave,
 * and what it keeps.
 */
export class ForwardPass {
  readonly calls: EngineCall[] = []
  readonly storages: Storage[] = []
  readonly tensors: Tensor[] = []
  readonly placed: PlacedNode[] = []
  /** Storages that last to the end of the step although no call needs them. */
  readonly held: StorageId[] = []
  private readonly viewed = new Set<StorageId>()
  private readonly tensorOfValue = new Map<ValueId, TensorId>()
  private readonly known = new Map<Cost, { readonly state: number; readonly lowered: LoweredNode }[]>()

  constructor(
    private readonly view: GraphView,
    private readonly options: ExecutionOptions,
  ) {
    const type = precise[options.precision].kept
    for (const id of view.graph.inputs) {
      const size = elements(view.typeOf(id))
      const storage = this.allocate(perImage(size * bytesPerElement[type]), 'input')
      // A picture needs no gradient.
      const tensor = this.tensors.length
      this.tensors.push({
        id: tensor,
        storage,
        type,
        elements: size,
        needsGradient: false,
        isStrided: false,
      })
      this.tensorOfValue.set(id, tensor)
    }
    for (const typed of view.nodes) this.place(typed)
  }

  allocate({ image, step }: Amount, part: MemoryPart): StorageId {
    return this.storages.push({ image, step, part }) - 1
  }

  tensorOf(value: ValueId): TensorId {
    const tensor = this.tensorOfValue.get(value)
    if (tensor === undefined) throw new Error(`value ${value} is used before it is made`)
    return tensor
  }

  tensor(id: TensorId): Tensor {
    const tensor = this.tensors[id]
    if (tensor === undefined) throw new Error(`there is no tensor ${id}`)
    return tensor
  }

  storageOf(value: ValueId): StorageId {
    return this.tensor(this.tensorOf(value)).storage
  }

  private place(typed: TypedNode): void {
    const { node, index } = typed
    const tensors: TensorId[] = []
    const storages: StorageId[] = []
    for (const id of node.inputs) {
      const tensor = this.tensorOf(id)
      tensors.push(tensor)
      storages.push(this.tensor(tensor).storage)
    }
    const lowered = this.lowered(typed, tensors)
    for (const storage of lowered.storages) storages.push(this.storages.push(storage) - 1)
    for (let local = tensors.length; local < lowered.tensors.length; local++)
      this.placeTensor(lowered.tensors[local], tensors, storages)
    for (const local of lowered.viewed) this.viewed.add(storages[local] ?? -1)
    for (const local of lowered.held) this.held.push(storages[local] ?? -1)
    for (const call of lowered.calls) this.placeCall(index, call, storages)
    for (let position = 0; position < node.outputs.length; position++)
      this.tensorOfValue.set(node.outputs[position] ?? -1, tensors[lowered.outputs[position]?.id ?? -1] ?? -1)
    this.placed.push({ lowered, tensors, storages })
  }

  private placeTensor(local: Tensor | undefined, tensors: TensorId[], storages: readonly StorageId[]): void {
    if (local === undefined) throw new Error('a lowering without one of its tensors')
    const id = this.tensors.length
    const { storage, type, elements, needsGradient, isStrided } = local
    this.tensors.push({ id, storage: storages[storage] ?? -1, type, elements, needsGradient, isStrided })
    tensors.push(id)
  }

  private placeCall(node: number, call: ForwardCall, storages: readonly StorageId[]): void {
    const { kernels, inputs, outputs, scratch } = call
    for (const local of call.keeps) this.keep(storages[local] ?? -1)
    const needs: StorageId[] = []
    for (const { storage } of inputs) needs.push(storages[storage] ?? -1)
    const makes: StorageId[] = []
    for (const { storage } of outputs) makes.push(storages[storage] ?? -1)
    for (const storage of call.makes) makes.push(storages[storage] ?? -1)
    this.calls.push({ node, fused: noFused, pass: 'forward', kernels, needs, makes, scratch })
  }

  private keep(id: StorageId): void {
    const storage = this.storages[id]
    if (storage?.part === 'activations') this.storages[id] = keptStorage(storage)
  }

  /** The lowering of a node, which is done once for all nodes of one cost whose operands lie the same way. */
  private lowered(typed: TypedNode, operands: readonly TensorId[]): LoweredNode {
    const { node, cost } = typed
    const tensors: Tensor[] = []
    for (const id of operands) tensors.push(this.tensor(id))
    const canOverwrite = this.isFree(node.inputs[0] ?? -1, tensors[0])
    const isFirst = node.inputs.every((id) => this.view.graph.inputs.includes(id))
    const state = stateOf(tensors, canOverwrite, isFirst)
    const alike = this.known.get(cost)
    const known = alike?.find((one) => one.state === state)
    if (known !== undefined) return known.lowered
    const lowered = lowerNode(this.view.graph, typed, this.options, tensors, canOverwrite)
    if (alike === undefined) this.known.set(cost, [{ state, lowered }])
    else alike.push({ state, lowered })
    return lowered
  }

  /** Whether nobody else reads a value, and nothing but its tensor has a claim to its memory. */
  private isFree(value: ValueId, tensor: Tensor | undefined): boolean {
    if (tensor === undefined || this.view.readersOf(value).length !== 1 || this.view.isReturned(value))
      return false
    return this.storages[tensor.storage]?.part === 'activations' && !this.viewed.has(tensor.storage)
  }
}

/** The states of so many operands fit into the exact integers of a double. */
const MOST_OPERANDS = 12

const typeNumbers: Readonly<Record<ElementType, number>> = { fp32: 0, fp16: 1, bf16: 2 }

/** All that a lowering depends on besides operator, attributes and types; NaN, which equals no other, where that is much. */
function stateOf(operands: readonly Tensor[], canOverwrite: boolean, isFirst: boolean): number {
  if (operands.length > MOST_OPERANDS) return NaN
  let state = (canOverwrite ? 1 : 0) + (isFirst ? 2 : 0)
  for (const { type, needsGradient, isStrided } of operands)
    state = state * 12 + typeNumbers[type] + (needsGradient ? 3 : 0) + (isStrided ? 6 : 0)
  return state
}
