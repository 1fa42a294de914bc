import type { DataType, Unit } from '../devices/device.ts'
import type { Precision } from './kernel.ts'

/** Types in which tensors are kept; tf32 is a way to compute with fp32. */
export type Storage = 'fp32' | 'fp16' | 'bf16'

export const bytesPerElement: Readonly<Record<Storage, number>> = { fp32: 4, fp16: 2, bf16: 2 }

/** Bytes of a position as frameworks keep them (int64). */
export const INDEX_BYTES = 8

interface Precise {
  /** How parameters and the network's input are kept. */
  readonly kept: Storage
  /** What convolutions and linear layers read and write. */
  readonly filters: Storage
  /** What reductions that lose much in half precision read and write under autocast: layer norm, softmax. */
  readonly reductions: Storage
  /** In which type multiply-accumulates are done, and by which unit those of dense filters. */
  readonly computes: DataType
  readonly unit: Unit
}

export const precise: Readonly<Record<Precision, Precise>> = {
  mixed: { kept: 'fp32', filters: 'fp16', reductions: 'fp32', computes: 'fp16', unit: 'matrix' },
  fp32: { kept: 'fp32', filters: 'fp32', reductions: 'fp32', computes: 'fp32', unit: 'vector' },
  tf32: { kept: 'fp32', filters: 'fp32', reductions: 'fp32', computes: 'tf32', unit: 'matrix' },
  fp16: { kept: 'fp16', filters: 'fp16', reductions: 'fp16', computes: 'fp16', unit: 'matrix' },
  bf16: { kept: 'bf16', filters: 'bf16', reductions: 'bf16', computes: 'bf16', unit: 'matrix' },
}

export const widest = (types: readonly Storage[]): Storage =>
  types.includes('fp32') ? 'fp32' : (types[0] ?? 'fp32')
