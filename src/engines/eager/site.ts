import type { Graph, ValueId } from '../../ir/graph.ts'
import { elements } from '../../ir/tensor-type.ts'
import type { Attributes, Forward } from '../../ir/ops/definition.ts'
import {
  type DataType,
  type ExecutionOptions,
  type Kernel,
  type KernelKind,
  bytesPerElement,
  precise,
  widest,
  type Storage,
} from '../kernel.ts'
import type { TypedNode } from '../../ir/view.ts'

/** What is known of the values made so far. */
export interface Values {
  /** How each is kept. */
  readonly storage: Map<ValueId, Storage>
  /** Those that are parts of another tensor and do not lie densely in memory. */
  readonly strided: Set<ValueId>
}

export const startingValues = (graph: Graph, { precision }: ExecutionOptions): Values => ({
  storage: new Map(graph.inputs.map((id) => [id, precise[precision].kept])),
  strided: new Set(),
})

/** One node on its way to kernels. */
export interface Site<A extends Attributes = Attributes> extends TypedNode {
  readonly attributes: A
  readonly graph: Graph
  readonly options: ExecutionOptions
  readonly values: Values
  readonly kernels: Kernel[]
}

export const siteOf = (
  typed: TypedNode,
  graph: Graph,
  options: ExecutionOptions,
  values: Values,
  kernels: Kernel[],
): Site => ({
  // One by one: a spread takes several times as long, and there is a site for each node.
  index: typed.index,
  node: typed.node,
  inputs: typed.inputs,
  outputs: typed.outputs,
  cost: typed.cost,
  attributes: typed.node.attributes,
  graph,
  options,
  values,
  kernels,
})

type Emitted = Pick<Kernel, 'read' | 'written'> &
  Partial<Pick<Kernel, 'macs' | 'arithmetic' | 'weights' | 'filter' | 'unit'>> & { readonly type?: DataType }

export function emit(site: Site, name: string, kind: KernelKind, emitted: Emitted): void {
  const kernel = {
    name,
    kind,
    node: site.index,
    fused: nothingFused,
    pass: 'forward',
    macs: emitted.macs ?? 0,
    arithmetic: emitted.arithmetic ?? 0,
    type: emitted.type ?? precise[site.options.precision].computes,
    unit: emitted.unit ?? 'vector',
    read: emitted.read,
    written: emitted.written,
    weights: emitted.weights ?? 0,
  } as const
  site.kernels.push(emitted.filter === undefined ? kernel : { ...kernel, filter: emitted.filter })
}

const nothingFused: readonly number[] = []

export const storageOf = (site: Site, input: number): Storage =>
  site.values.storage.get(site.node.inputs[input] ?? -1) ?? precise[site.options.precision].kept

export const widestInput = (site: Site): Storage =>
  widest(site.node.inputs.map((_, input) => storageOf(site, input)))

/** Bytes of some elements of an input, as it is kept. */
export const inputBytes = (site: Site, input: number, amount: number): number =>
  amount * bytesPerElement[storageOf(site, input)]

/** The work of the pass that the options ask for. */
export const passOf = ({ cost, options }: Site): Forward =>
  options.mode === 'training' ? cost.training : cost.inference

export function setResults(site: Site, storage: Storage): void {
  for (const output of site.node.outputs) site.values.storage.set(output, storage)
}

/** An input as a kernel wants it: cast where it is kept in another type, which is a kernel of its own. */
export const cast = (site: Site, input: number, wanted: Storage): void =>
  castBetween(site, elementsOfInput(site, input), storageOf(site, input), wanted)

export function castBetween(site: Site, size: number, from: Storage, to: Storage): void {
  if (from === to) return
  const read = size * bytesPerElement[from]
  emit(site, 'cast', 'cast', { read, written: size * bytesPerElement[to], type: 'fp32' })
}

/** Reads and writes `size` elements of one type: a copy, a transposition, a padding. */
export function copy(site: Site, name: string, size: number, storage: Storage, written = size): void {
  const each = bytesPerElement[storage]
  emit(site, name, 'copy', { read: size * each, written: written * each })
}

export const elementsOfInput = ({ inputs }: Site, input: number): number => {
  const type = inputs[input]
  return type === undefined ? 0 : elements(type)
}

export const isStrided = (site: Site, input: number): boolean =>
  site.values.strided.has(site.node.inputs[input] ?? -1)
