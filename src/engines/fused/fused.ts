import type { Graph, ValueId } from '../../ir/graph.ts'
import { operatorOf } from '../../ir/ops/index.ts'
import { elements } from '../../ir/tensor-type.ts'
import { GraphView, learnedParameters, type TypedNode } from '../../ir/view.ts'
import {
  bytesPerElement,
  defaultExecution,
  type ExecutionOptions,
  INDEX_BYTES,
  type Kernel,
  precise,
} from '../kernel.ts'
import {
  type Amount,
  type EngineCall,
  type MemoryPart,
  noBytes,
  noFused,
  noStorages,
  type StepPass,
  perImage,
  perStep,
  plus,
  type ResidentBytes,
  type Schedule,
  type Storage,
  type StorageId,
} from '../schedule.ts'
import { updateCalls } from '../training.ts'
import { type Group, groupsOf, roleOf } from './groups.ts'
import { endKernel, forwardKernel, type FusedRun, headKernels, savedValues } from './kernels.ts'

/**
 * A graph as a compiler that fuses runs it (TensorRT, XLA, TorchInductor): pointwise operators are done where their
 * input is made, so that only what other kernels need goes through memory. Everything is kept in the type that filters
 * compute in; at inference the weights are too.
 *
 * Its memory is a model of what these compilers do with buffers, which docs/decisions/0011-memory-of-other-engines.md has
 * with its sources: a value within a kernel is never allocated; an element-by-element kernel writes over an input of the
 * same size that nothing needs afterwards; and the backward pass keeps what its kernels read from memory.
 * @param asked what differs from `defaultExecution`
 */
export function fused(graph: Graph, asked: Partial<ExecutionOptions> = {}): Schedule {
  const options = { ...defaultExecution, ...asked }
  const view = new GraphView(graph)
  const isTraining = options.mode === 'training'
  const step = new FusedStep({ view, options, grouping: groupsOf(view, options) })
  step.forward()
  if (isTraining) {
    step.backward()
    for (const call of updateCalls(view, options)) step.calls.push(call)
  }
  const given = graph.inputs.map((id) => step.storageOf(id))
  return {
    view,
    engine: 'fused',
    options,
    calls: step.calls,
    storages: step.storages,
    given,
    held: [...given, ...graph.outputs.map((id) => step.storageOf(id))],
    resident: residentBytes(view, options),
    unmeasured:
      'as TorchInductor and XLA treat buffers: values within a kernel take no memory, and the backward pass ' +
      'keeps what its kernels read',
  }
}

/**
 * At inference weights are kept in the type that filters compute in. Training updates them in the type in which they are
 * kept, beside a copy for the kernels where that is another.
 */
function residentBytes(view: GraphView, { precision, mode }: ExecutionOptions): ResidentBytes {
  const { kept, filters } = precise[precision]
  const isTraining = mode === 'training'
  let learned = 0
  let running = 0
  for (const { elements, isLearned } of view.heldParameters) {
    if (isLearned) learned += elements
    else running += elements
  }
  const each = bytesPerElement[isTraining ? kept : filters]
  return {
    weights: learned * each,
    'running statistics': running * each,
    'weight copies': isTraining && kept !== filters ? learned * bytesPerElement[filters] : 0,
    'weight gradients': isTraining ? learned * each : 0,
  }
}

/** Bytes of a statistic: means and deviations are kept in fp32. */
const STATISTIC_BYTES = 4

/** Values that lie in memory from the forward to the backward pass of a group, for its head's gradient and its end's. */
interface Kept {
  readonly head: ReadonlySet<ValueId>
  readonly end: ReadonlySet<ValueId>
}

const nothingKept: Kept = { head: new Set(), end: new Set() }

/** The calls of a step and their memory, group by group. */
class FusedStep {
  readonly calls: EngineCall[] = []
  readonly storages: Storage[] = []
  private readonly bySource = new Map<ValueId, StorageId>()
  /** What a group keeps beside its values: statistics, positions, masks. */
  private readonly notes = new Map<Group, readonly StorageId[]>()
  private readonly kept = new Map<Group, Kept>()
  /** Values that the backward pass needs. */
  private readonly lasting = new Set<ValueId>()
  /** Storages of the gradients of each value so far; the kernel that reads them adds them up. */
  private readonly gradients = new Map<ValueId, StorageId[]>()
  private readonly learning: ReadonlySet<ValueId>
  /** Nodes whose kernels came before, by index, and views, which have none. */
  private readonly done = new Set<number>()
  private readonly isTraining: boolean

  constructor(private readonly run: FusedRun) {
    const { view, options, grouping } = run
    this.isTraining = options.mode === 'training'
    this.learning = valuesWithGradients(view)
    for (const typed of view.nodes) if (roleOf(typed, options) === 'view') this.done.add(typed.index)
    for (const id of view.graph.inputs) this.bySource.set(id, this.allocateValue(id, 'input'))
    if (!this.isTraining) return
    for (const group of grouping.groups) {
      const kept = keptOf(group, run)
      this.kept.set(group, kept)
      for (const id of kept.head) this.lasting.add(id)
      for (const id of kept.end) this.lasting.add(id)
    }
  }

  /** The storage in which a value lies, or of which it shows a part. */
  storageOf(id: ValueId): StorageId {
    const storage = this.bySource.get(this.run.grouping.source(id))
    if (storage === undefined) throw new Error(`value ${id} is used before it is made`)
    return storage
  }

  forward(): void {
    for (const group of this.run.grouping.groups) {
      const inputs = new Set(this.inputsOf(group, group.members).map(this.run.grouping.source))
      const needs = this.storagesOf(inputs)
      const makes = this.written(group, this.overwritable(group, inputs))
      const notes = this.allocateNotes(group)
      this.notes.set(group, notes)
      for (const { index } of group.members) this.done.add(index)
      const others = group.members.slice(1).map(({ index }) => index)
      const kernels = [forwardKernel(this.run, group)]
      this.call(group, 'forward', kernels, needs, [...makes, ...notes], noBytes, others)
    }
  }

  /** The storages of what a group writes: what it gives to others, and what its own backward pass needs of it. */
  private written(group: Group, overwritable: readonly ValueId[]): StorageId[] {
    const left = [...overwritable]
    const makes: StorageId[] = []
    for (const id of group.own) {
      if (!group.given.includes(id) && !this.lasting.has(id)) continue
      const reused = left.findIndex((input) => this.sizeOf(input) === this.sizeOf(id))
      const [input] = reused < 0 ? [] : left.splice(reused, 1)
      const part = this.lasting.has(id) ? 'kept for backward' : 'activations'
      const storage = input === undefined ? this.allocateValue(id, part) : this.storageOf(input)
      this.bySource.set(id, storage)
      makes.push(storage)
    }
    return makes
  }

  /**
   * Inputs whose memory a kernel that works element by element may write over: nothing needs them afterwards, and they are
   * not the caller's. Results that are kept have memory of their own.
   */
  private overwritable(group: Group, inputs: ReadonlySet<ValueId>): ValueId[] {
    const { view, options, grouping } = this.run
    if (this.isTraining || roleOf(group.head, options) !== 'pointwise') return []
    const inside = new Set(group.members.map(({ index }) => index))
    const isPast = (user: number): boolean => inside.has(user) || this.done.has(user)
    return [...inputs].filter(
      (id) => !view.graph.inputs.includes(id) && grouping.uses.get(id)?.every(isPast) === true,
    )
  }

  /** Gradients in reverse order, group by group: the end's, which is one kernel, then the head's own. */
  backward(): void {
    this.startBackward()
    for (const group of [...this.run.grouping.groups].reverse()) {
      const given = group.given.flatMap((id) => this.gradients.get(id) ?? [])
      const ofHead = group.members.length > 1 ? this.endBackward(group, given) : given
      this.headBackward(group, ofHead)
    }
  }

  /** The caller gives the gradients of the results. */
  private startBackward(): void {
    const { view, grouping } = this.run
    const last = grouping.groups.at(-1)
    if (last === undefined) return
    const starts: StorageId[] = []
    for (const id of view.graph.outputs) {
      if (!this.learning.has(id)) continue
      const gradient = this.allocateValue(id, 'activation gradients')
      this.contribute(id, gradient)
      starts.push(gradient)
    }
    this.call(last, 'backward', [], noStorages, starts, noBytes)
  }

  /** @returns the storages of the gradients of the head's results */
  private endBackward(group: Group, given: readonly StorageId[]): readonly StorageId[] {
    const end = group.members.slice(1)
    const others = end.map(({ index }) => index)
    const kernels = [endKernel(this.run, group)]
    if (given.length === 0) {
      this.call(group, 'backward', kernels, noStorages, noStorages, noBytes, others)
      return noStorages
    }
    const ofHead = group.head.node.outputs
      .filter((id) => this.learning.has(id))
      .map((id) => this.allocateValue(id, 'activation gradients'))
    const makes = [...ofHead]
    for (const id of this.inputsOf(group, end)) makes.push(...this.gradientOf(id))
    const { end: kept } = this.kept.get(group) ?? nothingKept
    const needs = [...given, ...this.storagesOf(kept), ...(this.notes.get(group) ?? [])]
    const learned = end.reduce((sum, { node }) => sum + learnedParameters(this.run.view.graph, node), 0)
    this.call(group, 'backward', kernels, needs, makes, this.weightGradients(learned), others)
    return ofHead
  }

  private headBackward(group: Group, given: readonly StorageId[]): void {
    const kernels = headKernels(this.run, group)
    if (given.length === 0) return this.call(group, 'backward', kernels, noStorages, noStorages, noBytes)
    const makes: StorageId[] = []
    const { node } = group.head
    const size = this.sizeOf(node.outputs[0] ?? -1)
    for (const id of new Set(node.inputs)) {
      // The gradient of a sum is that of each summand.
      const isShared = kernels.length === 0 && this.sizeOf(id) === size
      if (!isShared) makes.push(...this.gradientOf(id))
      else if (this.isLearning(id)) for (const gradient of given) this.contribute(id, gradient)
    }
    const { head: kept } = this.kept.get(group) ?? nothingKept
    const needs = [...given, ...this.storagesOf(kept), ...(this.notes.get(group) ?? [])]
    const learned = learnedParameters(this.run.view.graph, node)
    this.call(group, 'backward', kernels, needs, makes, this.weightGradients(learned))
  }

  /** Gradients of weights before they are added to those that the optimiser reads, and cast where they are of another type. */
  private weightGradients(learned: number): Amount {
    const { kept, filters } = precise[this.run.options.precision]
    const cast = kept === filters ? 0 : bytesPerElement[filters]
    return perStep(learned * (bytesPerElement[kept] + cast))
  }

  /** One more gradient of a value, where it needs one. */
  private gradientOf(id: ValueId): readonly StorageId[] {
    if (!this.isLearning(id)) return []
    const gradient = this.allocateValue(id, 'activation gradients')
    this.contribute(id, gradient)
    return [gradient]
  }

  private isLearning(id: ValueId): boolean {
    return this.learning.has(this.run.grouping.source(id))
  }

  private contribute(id: ValueId, gradient: StorageId): void {
    const source = this.run.grouping.source(id)
    const known = this.gradients.get(source)
    if (known === undefined) this.gradients.set(source, [gradient])
    else known.push(gradient)
  }

  /** What some members of a group read that the group does not make, each value once. */
  private inputsOf({ own }: Group, members: readonly TypedNode[]): ValueId[] {
    const inputs = new Set<ValueId>()
    for (const { node } of members)
      for (const id of node.inputs) if (!own.has(this.run.grouping.source(id))) inputs.add(id)
    return [...inputs]
  }

  private storagesOf(ids: Iterable<ValueId>): StorageId[] {
    const storages: StorageId[] = []
    for (const id of ids) storages.push(this.storageOf(id))
    return storages
  }

  private sizeOf(id: ValueId): number {
    return elements(this.run.view.typeOf(id))
  }

  private allocateValue(id: ValueId, part: MemoryPart): StorageId {
    const each = bytesPerElement[precise[this.run.options.precision].filters]
    return this.storages.push({ ...perImage(this.sizeOf(id) * each), part }) - 1
  }

  private allocateNotes({ members }: Group): StorageId[] {
    if (!this.isTraining) return []
    let bytes = noBytes
    for (const { cost } of members) {
      const { statistics, indices, mask } = cost.saves
      bytes = plus(bytes, { image: indices * INDEX_BYTES + mask, step: statistics * STATISTIC_BYTES })
    }
    return bytes.image + bytes.step === 0
      ? []
      : [this.storages.push({ ...bytes, part: 'kept for backward' }) - 1]
  }

  private call(
    { head }: Group,
    pass: StepPass,
    kernels: readonly Kernel[],
    needs: readonly StorageId[],
    makes: readonly StorageId[],
    scratch: Amount,
    others = noFused,
  ): void {
    this.calls.push({ node: head.index, fused: others, pass, kernels, needs, makes, scratch })
  }
}

/** The values that depend on something that training changes. */
function valuesWithGradients({ graph, nodes }: GraphView): ReadonlySet<ValueId> {
  const learning = new Set<ValueId>()
  for (const { node } of nodes)
    if (learnedParameters(graph, node) > 0 || node.inputs.some((id) => learning.has(id)))
      for (const id of node.outputs) learning.add(id)
  return learning
}

/**
 * What the gradients of a group need. A value within the group is made again from what lies in memory, except what only a
 * filter, a pool or a copy could make again: that is written for the backward pass.
 */
function keptOf(group: Group, { options, grouping: { source } }: FusedRun): Kept {
  const { head, members, own, given } = group
  const makers = new Map(members.flatMap((member) => member.node.outputs.map((id) => [id, member] as const)))
  const end = new Set<ValueId>()
  const seen = new Set<ValueId>()
  const keep = (value: ValueId): void => {
    const id = source(value)
    if (seen.has(id)) return
    seen.add(id)
    const maker = makers.get(id)
    if (maker === undefined || given.includes(id) || !own.has(id)) end.add(id)
    else if (maker !== head || roleOf(head, options) !== 'head') maker.node.inputs.forEach(keep)
    else if (isNormOfInput(head)) head.node.inputs.forEach(keep)
    else end.add(id)
  }
  for (const member of members.slice(1)) savedValues(member).forEach(keep)
  return { head: new Set(savedValues(head).map(source)), end }
}

/** A batch norm keeps its input and statistics, from which its result is one step. */
const isNormOfInput = ({ node, cost }: TypedNode): boolean =>
  operatorOf(node.op).isNorm === true && cost.saves.inputs.length > 0
