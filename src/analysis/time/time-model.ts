import type { Kernel } from '../execution/kernel.ts'

/** Seconds of one kernel in one step. */
export interface KernelTime {
  readonly compute: number
  readonly memory: number
  /** The least time between this kernel and the next. */
  readonly launch: number
  /** max(compute + memory, launch). */
  readonly total: number
  readonly bound: Bound
}

/** The largest of the three. */
export type Bound = 'compute' | 'memory' | 'launch'

/** Predicts times on one device, under one precision and layout. */
export interface TimeModel {
  readonly name: 'roofline' | 'calibrated'
  /** Of a step of `batch` images. */
  readonly time: (kernel: Kernel, batch: number) => KernelTime
}

/** The time of one kernel from its three parts. */
export function kernelTime(compute: number, memory: number, launch: number): KernelTime {
  const work = compute + memory
  if (work < launch) return { compute, memory, launch, total: launch, bound: 'launch' }
  return { compute, memory, launch, total: work, bound: compute > memory ? 'compute' : 'memory' }
}
