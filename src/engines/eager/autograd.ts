import type { ValueId } from '../../ir/graph.ts'
import { elements } from '../../ir/tensor-type.ts'
import type { GraphView, TypedNode } from '../../ir/view.ts'
import { bytesPerElement, type ExecutionOptions, type Kernel, precise } from '../kernel.ts'
import {
  type Amount,
  type EngineCall,
  noBytes,
  noFused,
  noStorages,
  perImage,
  type StorageId,
} from '../schedule.ts'
import { backwardKernel } from '../training.ts'
import type { ForwardPass } from './forward.ts'
import { type ForwardCall, type Tensor, tensorBytes, type TensorId } from './node-lowering.ts'

/**
 * The backward pass as PyTorch's autograd walks: the calls in reverse order, each of which reads what it kept and the
 * gradients of its outputs, and makes those of its inputs. Where a tensor was used several times, its gradients are added as
 * they come, in place where nothing else holds the first.
 */
export class BackwardPass {
  readonly calls: EngineCall[] = []
  private readonly gradients = new Gradients()
  /** Values whose gradient has been added to before; a picture has none. */
  private readonly seen: Set<ValueId>
  private readonly sums = new Map<number, readonly Kernel[]>()

  constructor(
    private readonly view: GraphView,
    private readonly options: ExecutionOptions,
    private readonly forward: ForwardPass,
  ) {
    this.seen = new Set(view.graph.inputs)
    this.start()
    const { nodes } = view
    for (let position = nodes.length - 1; position >= 0; position--) {
      const typed = nodes[position]
      if (typed === undefined) continue
      this.walk(typed)
      for (const id of typed.node.inputs) this.addKernel(typed.index, id)
    }
  }

  /** The caller gives the gradients of the results, before the last call. */
  private start(): void {
    const starts: StorageId[] = []
    for (const id of this.view.graph.outputs) {
      const result = this.forward.tensorOf(id)
      if (!this.forward.tensor(result).needsGradient) continue
      const gradient = this.allocate(result)
      this.gradients.add(result, gradient)
      starts.push(gradient)
    }
    const last = this.forward.calls.at(-1)
    if (last !== undefined) this.call(last.node, [], noStorages, starts, noBytes)
  }

  private walk({ index }: TypedNode): void {
    const placed = this.forward.placed[index]
    if (placed === undefined) return
    const { lowered, tensors, storages } = placed
    for (let position = lowered.calls.length - 1; position >= 0; position--) {
      const call = lowered.calls[position]
      if (call === undefined) continue
      const given = this.gradientsOf(call.outputs, tensors)
      const [first] = given
      if (first === undefined) {
        this.call(index, call.backward.kernels, noStorages, noStorages, noBytes)
        continue
      }
      const made = this.contributions(call, tensors, first)
      for (const { id } of call.outputs) this.gradients.drop(tensors[id] ?? -1)
      const needs: StorageId[] = []
      for (const local of call.keeps) needs.push(storages[local] ?? -1)
      for (const gradient of given) needs.push(gradient)
      const makes = made.map(({ gradient }) => gradient)
      this.call(index, call.backward.kernels, needs, makes, call.backward.scratch)
      for (const { input, gradient } of made) this.accumulate(index, input, gradient)
    }
  }

  /** The storages of the gradients of a call's outputs, each once. */
  private gradientsOf(outputs: readonly Tensor[], tensors: readonly TensorId[]): StorageId[] {
    const given: StorageId[] = []
    for (const { id } of outputs) {
      const gradient = this.gradients.of(tensors[id] ?? -1)
      if (gradient !== undefined && !given.includes(gradient)) given.push(gradient)
    }
    return given
  }

  /** A gradient for each input that needs one: the output's own where that is shared. */
  private contributions(
    call: ForwardCall,
    tensors: readonly TensorId[],
    shared: StorageId,
  ): readonly { readonly input: TensorId; readonly gradient: StorageId }[] {
    const made: { readonly input: TensorId; readonly gradient: StorageId }[] = []
    for (const local of call.inputs) {
      const input = tensors[local.id] ?? -1
      if (!this.forward.tensor(input).needsGradient) continue
      made.push({ input, gradient: call.shared.includes(local) ? shared : this.allocate(input) })
    }
    for (const { gradient } of made) this.gradients.claim(gradient)
    return made
  }

  /** Adds one more gradient of a tensor to those it has. */
  private accumulate(index: number, tensor: TensorId, gradient: StorageId): void {
    const before = this.gradients.of(tensor)
    this.gradients.release(gradient)
    if (before === undefined) {
      this.gradients.add(tensor, gradient)
      return
    }
    const isInPlace = this.gradients.holders(before) === 1 && before !== gradient
    const sum = isInPlace ? before : this.allocate(tensor)
    this.gradients.drop(tensor)
    this.gradients.add(tensor, sum)
    this.call(index, [], [before, gradient], isInPlace ? noStorages : [sum], noBytes)
  }

  /** The kernel that adds one more gradient of a value, for each use after the first. */
  private addKernel(index: number, value: ValueId): void {
    if (this.view.graph.inputs.includes(value)) return
    if (!this.seen.has(value)) {
      this.seen.add(value)
      return
    }
    const size = elements(this.view.typeOf(value))
    const kernels = this.sums.get(size) ?? [this.sumKernel(size)]
    this.sums.set(size, kernels)
    this.call(index, kernels, noStorages, noStorages, noBytes)
  }

  private sumKernel(size: number): Kernel {
    const bytes = size * bytesPerElement[precise[this.options.precision].filters]
    const work = { read: 2 * bytes, written: bytes, arithmetic: size }
    return backwardKernel('add gradients', 'pointwise', this.options, work)
  }

  private allocate(tensor: TensorId): StorageId {
    return this.forward.allocate(perImage(tensorBytes(this.forward.tensor(tensor))), 'activation gradients')
  }

  private call(
    node: number,
    kernels: readonly Kernel[],
    needs: readonly StorageId[],
    makes: readonly StorageId[],
    scratch: Amount,
  ): void {
    this.calls.push({ node, fused: noFused, pass: 'backward', kernels, needs, makes, scratch })
  }
}

/** Which storage holds the gradient of each tensor so far, and how many hold each storage. */
class Gradients {
  private readonly byTensor = new Map<TensorId, StorageId>()
  private readonly claims = new Map<StorageId, number>()

  of(tensor: TensorId): StorageId | undefined {
    return this.byTensor.get(tensor)
  }

  holders(gradient: StorageId): number {
    return this.claims.get(gradient) ?? 0
  }

  add(tensor: TensorId, gradient: StorageId): void {
    this.byTensor.set(tensor, gradient)
    this.claim(gradient)
  }

  drop(tensor: TensorId): void {
    const gradient = this.byTensor.get(tensor)
    if (gradient === undefined) return
    this.byTensor.delete(tensor)
    this.release(gradient)
  }

  claim(gradient: StorageId): void {
    this.claims.set(gradient, this.holders(gradient) + 1)
  }

  release(gradient: StorageId): void {
    this.claims.set(gradient, this.holders(gradient) - 1)
  }
}
