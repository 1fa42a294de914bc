import type { Graph, ValueId } from '../../ir/graph.ts'
import type { Attributes } from '../../ir/ops/definition.ts'
import { elements } from '../../ir/tensor-type.ts'
import {
  type ExecutionOptions,
  bytesPerElement,
  INDEX_BYTES,
  precise,
  widest,
  type Storage,
} from '../../engines/kernel.ts'
import { learnedParameters, type TypedNode } from '../../ir/view.ts'
import { perImage, perStep, type Amount } from './amount.ts'
import type { NewCall, StorageId, Tape, Tensor } from './tape.ts'

/** Bytes of a statistic: means and deviations are kept in fp32. */
const STATISTIC_BYTES = 4

/** One node on its way to calls. */
export interface Site<A extends Attributes = Attributes> extends TypedNode {
  readonly attributes: A
  readonly graph: Graph
  readonly options: ExecutionOptions
  readonly tape: Tape
  readonly operands: readonly Tensor[]
  /** Whether nobody else reads the value of an input. */
  readonly isLastUse: (input: number) => boolean
  readonly needsGradient: boolean
  /** Elements of the node's parameters that training changes. */
  readonly learned: number
}

/** Appends the calls that an engine makes for a node; gives the node's outputs. */
export type Lowering<A extends Attributes = Attributes> = (site: Site<A>) => readonly Tensor[]

/** What a graph's nodes share. */
interface Setting {
  readonly graph: Graph
  readonly options: ExecutionOptions
  readonly tape: Tape
  readonly uses: ReadonlyMap<ValueId, number>
}

export function siteOf(typed: TypedNode, operands: readonly Tensor[], setting: Setting): Site {
  const { graph, options, tape, uses } = setting
  const { index, node, inputs, outputs, cost } = typed
  const learned = learnedParameters(graph, node)
  return {
    index,
    node,
    inputs,
    outputs,
    cost,
    attributes: node.attributes,
    graph,
    options,
    tape,
    operands,
    isLastUse: (input) => uses.get(node.inputs[input] ?? -1) === 1,
    needsGradient: learned > 0 || operands.some(({ needsGradient }) => needsGradient),
    learned,
  }
}

export const widestOperand = ({ operands }: Site): Storage => widest(operands.map(({ type }) => type))

/** Operand `index`; that there is one, `infer` has seen to. */
export function operand({ operands, node }: Site, index = 0): Tensor {
  const tensor = operands[index]
  if (tensor === undefined) throw new Error(`${node.path} has no input ${index}`)
  return tensor
}

/** A tensor for each output of the node, in memory of its own. */
export const freshOutputs = (site: Site, type = widestOperand(site)): readonly Tensor[] =>
  site.outputs.map((output) => site.tape.fresh(elements(output), type, site.needsGradient))

export const emit = (site: Site, call: Omit<NewCall, 'layer'>): void =>
  site.tape.call({ layer: site.index, ...call })

/**
 * A tensor as a call wants it: cast where it is kept in another type, which is a call of its own.
 * @param size elements that the call wants of it; default: all
 */
export function cast(site: Site, tensor: Tensor, wanted: Storage, size = tensor.elements): Tensor {
  if (tensor.type === wanted) return tensor
  const copy = site.tape.fresh(size, wanted, tensor.needsGradient)
  emit(site, { inputs: [tensor], outputs: [copy] })
  return copy
}

/** Small things that a node keeps in training beside its tensors. */
export function notes({ cost, tape }: Site): readonly StorageId[] {
  if (!tape.training) return []
  const { statistics, indices, mask } = cost.saves
  const amounts = [perStep(statistics * STATISTIC_BYTES), perImage(indices * INDEX_BYTES), perImage(mask)]
  return amounts
    .filter(({ image, step }) => image + step > 0)
    .map((amount) => tape.allocate(amount, 'kept for backward'))
}

/** The half-precision copy that autocast makes of a filter's weights: until the forward pass ends, or longer where kept. */
export function weightCopies({ learned, options, tape }: Site): readonly StorageId[] {
  const { kept, filters } = precise[options.precision]
  if (kept === filters) return []
  const copies = tape.allocate(perStep(learned * bytesPerElement[filters]), 'weight copies')
  if (!tape.training) tape.held.add(copies)
  return [copies]
}

/** Gradients of parameters before they are added to those that the optimiser reads. */
export const weightGradients = ({ learned, options }: Site): Amount =>
  perStep(learned * bytesPerElement[precise[options.precision].kept])

/** Of the copies, which are cast before they are added. */
export function copiesGradients({ learned, options }: Site): Amount {
  const { kept, filters } = precise[options.precision]
  return perStep(kept === filters ? 0 : learned * bytesPerElement[filters])
}
