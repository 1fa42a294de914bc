import type { TypedNode } from '../ir/view.ts'
import { operatorOf } from '../ir/ops/index.ts'
import type { Pair } from '../ir/ops/geometry.ts'

/** Types that tensors are computed in. fp16 and bf16 accumulate in fp32. */
export const dataTypes = ['fp32', 'tf32', 'fp16', 'bf16', 'int8'] as const
export type DataType = (typeof dataTypes)[number]

/** `matrix` stands for tensor cores and their kin, `vector` for CUDA cores, ALUs and SIMD lanes. */
export type ComputeUnit = 'matrix' | 'vector'

/** Types in which elements lie in memory; tf32 is a way to compute with fp32. */
export type ElementType = 'fp32' | 'fp16' | 'bf16'

export const bytesPerElement: Readonly<Record<ElementType, number>> = { fp32: 4, fp16: 2, bf16: 2 }

/** Bytes of a position as frameworks keep them (int64). */
export const INDEX_BYTES = 8

interface Precise {
  /** How parameters and the network's input are kept. */
  readonly kept: ElementType
  /** What convolutions and linear layers read and write. */
  readonly filters: ElementType
  /** What reductions that lose much in half precision read and write under autocast: layer norm, softmax. */
  readonly reductions: ElementType
  /** The type in which multiply-accumulates are done. */
  readonly computes: DataType
  /** The unit that does those of dense filters. */
  readonly unit: ComputeUnit
}

export const precise: Readonly<Record<Precision, Precise>> = {
  mixed: { kept: 'fp32', filters: 'fp16', reductions: 'fp32', computes: 'fp16', unit: 'matrix' },
  fp32: { kept: 'fp32', filters: 'fp32', reductions: 'fp32', computes: 'fp32', unit: 'vector' },
  tf32: { kept: 'fp32', filters: 'fp32', reductions: 'fp32', computes: 'tf32', unit: 'matrix' },
  fp16: { kept: 'fp16', filters: 'fp16', reductions: 'fp16', computes: 'fp16', unit: 'matrix' },
  bf16: { kept: 'bf16', filters: 'bf16', reductions: 'bf16', computes: 'bf16', unit: 'matrix' },
}

/** The type that holds elements of all of these without loss; fp16 and bf16 never meet in one run. */
export const widest = (types: readonly ElementType[]): ElementType =>
  types.includes('fp32') ? 'fp32' : (types[0] ?? 'fp32')

/**
 * One launch on a device: one pass over memory. Calls that do the same work on the same shapes share one record. Amounts
 * are of one image unless they say "a step".
 */
export interface Kernel {
  /** What a profiler would show, roughly: `conv`, `cast`, `bias`, `batch_norm`, `add + relu`. */
  readonly name: string
  readonly kind: KernelKind
  /** Multiply-accumulates, fixed filters included; one is two floating-point operations. */
  readonly macs: number
  /** Every other elementary operation. */
  readonly arithmetic: number
  /** The type in which it computes. */
  readonly type: DataType
  /** Where its multiply-accumulates run. */
  readonly unit: ComputeUnit
  /** Bytes of activations. */
  readonly read: number
  readonly written: number
  /** Bytes of parameters and buffers, read or written, a step: they do not grow with the batch. */
  readonly weights: number
  /** Of convolutions and linear layers: what efficiency depends on. */
  readonly filter?: Filter | undefined
}

/** What a kernel does, where it is told; the rest is nothing, on vector units. */
export type KernelWork = Partial<Omit<Kernel, 'name' | 'kind' | 'type'>>

/**
 * A kernel of some work. All are made here, with the same fields in the same order: engines make several for each node, and
 * what reads objects of one form is several times as fast.
 */
export function makeKernel(name: string, kind: KernelKind, type: DataType, work: KernelWork): Kernel {
  const { macs = 0, arithmetic = 0, unit = 'vector', read = 0, written = 0, weights = 0, filter } = work
  return { name, kind, macs, arithmetic, type, unit, read, written, weights, filter }
}

export const kernelKinds = [
  /** A convolution with one group, or a linear layer. */
  'dense',
  /** A convolution with several groups, each of several channels. */
  'grouped',
  /** A convolution of each channel by itself; blur is one. */
  'depthwise',
  /** Element by element: activations, sums, products, biases, scales. */
  'pointwise',
  'norm',
  'pool',
  /** Means and sums over whole maps, softmax. */
  'reduction',
  /** Nothing but moving: concatenation, copies of slices, padding, shuffles, changes of layout. */
  'copy',
  /** From one data type to another. */
  'cast',
] as const
export type KernelKind = (typeof kernelKinds)[number]

export interface Filter {
  readonly inChannels: number
  readonly outChannels: number
  readonly groups: number
  /** [height, width]; [1, 1] for linear. */
  readonly kernel: readonly [number, number]
  readonly stride: readonly [number, number]
}

/**
 * `mixed` is PyTorch's autocast to fp16: convolutions in fp16 over fp32 weights. The others hold and compute everything
 * in one type; `tf32` holds fp32.
 */
export const precisions = ['mixed', 'fp32', 'tf32', 'fp16', 'bf16'] as const
export type Precision = (typeof precisions)[number]

export interface ExecutionOptions {
  readonly precision: Precision
  readonly mode: 'inference' | 'training'
  /** How maps lie in memory: `nhwc` is "channels last". */
  readonly layout: 'nhwc' | 'nchw'
  /** How partial convolutions are carried out: in place on a slice, or by split and concatenation (training needs that). */
  readonly partialConv: 'slicing' | 'split_cat'
  /** Activated batch norm: two kernels, or one in place as the inplace_abn package has it. */
  readonly abn: 'separate' | 'inplace'
}

export const defaultExecution: ExecutionOptions = {
  precision: 'mixed',
  mode: 'inference',
  layout: 'nhwc',
  partialConv: 'slicing',
  abn: 'separate',
}

/** Bytes that a kernel moves in a step of `batch` images. */
export const bytesOfStep = ({ read, written, weights }: Kernel, batch: number): number =>
  batch * (read + written) + weights

/** Floating-point operations of a kernel's multiply-accumulates in a step. */
export const flopsOfStep = ({ macs }: Kernel, batch: number): number => 2 * batch * macs

/** The kind of a node's main kernel, and the filter's figures where it has one. Views count as copies: backward they may be. */
export function kindOfNode(typed: TypedNode): { readonly kind: KernelKind; readonly filter?: Filter } {
  const kind = operatorOf(typed.node.op).work
  if (kind === 'view') return { kind: 'copy' }
  if (kind !== 'filter') return { kind }
  const filter = filterOf(typed)
  return { kind: filterKind(filter), filter }
}

/** What a filter's efficiency depends on; undefined figures are 1, as of a linear layer. */
function filterOf({ node, inputs, outputs }: TypedNode): Filter {
  const { groups = 1, kernel = [1, 1], stride = [1, 1] } = node.attributes as Figures
  const inChannels = inputs[0]?.shape[0] ?? 1
  if (node.op === 'blur_pool')
    return { inChannels, outChannels: inChannels, groups: inChannels, kernel: [3, 3], stride }
  if (node.op === 'partial_conv') {
    const { channels = inChannels } = node.attributes as Figures
    return { inChannels: channels, outChannels: channels, groups, kernel, stride }
  }
  return { inChannels, outChannels: outputs[0]?.shape[0] ?? 1, groups, kernel, stride }
}

interface Figures {
  readonly groups?: number
  readonly channels?: number
  readonly kernel?: Pair
  readonly stride?: Pair
}

export function filterKind({ groups, inChannels }: Filter): KernelKind {
  if (groups === 1) return 'dense'
  return groups === inChannels ? 'depthwise' : 'grouped'
}
