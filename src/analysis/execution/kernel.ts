import type { DataType, Unit } from '../devices/device.ts'

/**
 * What an engine launches: one pass over memory. The work of a network is the list of its kernels; the same graph
 * gives different lists on different engines. Amounts are of one image unless they say "a step".
 */
export interface Kernel {
  /** What a profiler would show, roughly: `conv`, `cast`, `bias`, `batch_norm`, `add + relu`. */
  readonly name: string
  readonly kind: KernelKind
  /** Index into `graph.nodes` of the operator that it is charged to. */
  readonly node: number
  /** Other operators whose work it does as well, by index; empty unless the engine fuses. */
  readonly fused: readonly number[]
  readonly pass: Pass
  /** Multiply-accumulates, fixed filters included; one is two floating-point operations. */
  readonly macs: number
  /** Every other elementary operation. */
  readonly arithmetic: number
  /** The type in which it computes, and where its multiply-accumulates run. */
  readonly type: DataType
  readonly unit: Unit
  /** Bytes of activations. */
  readonly read: number
  readonly written: number
  /** Bytes of parameters and buffers, read or written, a step: they do not grow with the batch. */
  readonly weights: number
  /** Of convolutions and linear layers: what efficiency depends on. */
  readonly filter?: Filter
}

/** `update` is the optimiser's. */
export type Pass = 'forward' | 'backward' | 'update'

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

/** The kernels of one step, in the order of execution. */
export interface Execution {
  readonly engine: string
  readonly options: ExecutionOptions
  readonly kernels: readonly Kernel[]
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
