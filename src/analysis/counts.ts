import { diagnose } from '../diagnostics/diagnose.ts'
import { DiagnosticError } from '../diagnostics/diagnostic.ts'
import type { Counts, Time } from './analysis.ts'
import type { Device } from './devices/device.ts'
import type { Kernel } from '../engines/kernel.ts'
import type { Bound, TimeModel } from './time/time-model.ts'

/** What adds up; the rest of `Counts` follows from it. */
export interface Tally {
  readonly parameters: number
  readonly macs: number
  readonly fixed_macs: number
  readonly arithmetic: number
  readonly bytes_read: number
  readonly bytes_written: number
  readonly bytes_weights: number
  readonly kernels: number
  /** MACs of all kernels, which in training are more than `macs`. */
  readonly kernelMacs: number
  /** Joules of a step; NaN where those of a kernel are not known. */
  readonly joules: number
  /** Seconds a step in kernels bound by each. */
  readonly seconds: Readonly<Record<Bound, number>>
}

/** What its maker still adds to; nobody else has it yet. */
export type Growing<T> = { -readonly [K in keyof T]: T[K] }

export type GrowingTally = Growing<Omit<Tally, 'seconds'>> & { readonly seconds: Record<Bound, number> }

export const emptyTally = (): GrowingTally => ({
  parameters: 0,
  macs: 0,
  fixed_macs: 0,
  arithmetic: 0,
  bytes_read: 0,
  bytes_written: 0,
  bytes_weights: 0,
  kernels: 0,
  kernelMacs: 0,
  joules: 0,
  seconds: { compute: 0, memory: 0, launch: 0 },
})

/** Adds what a kernel does, and the time that it takes in a step. */
export function addKernel(tally: GrowingTally, kernel: Kernel, batch: number, model?: TimeModel): void {
  tally.kernels++
  tally.arithmetic += kernel.arithmetic
  tally.bytes_read += kernel.read
  tally.bytes_written += kernel.written
  tally.bytes_weights += kernel.weights
  tally.kernelMacs += kernel.macs
  if (model === undefined) return
  const { bound, total, joules = NaN } = model.time(kernel, batch)
  tally.joules += joules
  tally.seconds[bound] += total
}

export function sumOf(tallies: readonly Tally[]): Tally {
  const sum = emptyTally()
  for (const each of tallies) {
    sum.parameters += each.parameters
    sum.macs += each.macs
    sum.fixed_macs += each.fixed_macs
    sum.arithmetic += each.arithmetic
    sum.bytes_read += each.bytes_read
    sum.bytes_written += each.bytes_written
    sum.bytes_weights += each.bytes_weights
    sum.kernels += each.kernels
    sum.kernelMacs += each.kernelMacs
    sum.joules += each.joules
    sum.seconds.compute += each.seconds.compute
    sum.seconds.memory += each.seconds.memory
    sum.seconds.launch += each.seconds.launch
  }
  return sum
}

/**
 * Sums of a whole network, each still counted exactly.
 * @throws DiagnosticError E1301 where one is beyond the integers of a double
 */
export function exactSum(tallies: readonly Tally[], network: string): Tally {
  const sum = sumOf(tallies)
  for (const [what, amount] of Object.entries(sum))
    if (typeof amount === 'number') refuseInexact(amount, what, network)
  return sum
}

/** @throws DiagnosticError E1301 where an amount is beyond the integers of a double */
export function refuseInexact(amount: number, what: string, network: string): void {
  if (amount > Number.MAX_SAFE_INTEGER)
    throw new DiagnosticError([diagnose('E1301', { path: network }, { network, what, amount })])
}

/** What a device makes of the whole network. */
export interface Whole {
  readonly seconds: number
  /** Present where the device's file has the figures for it. */
  readonly joules?: number
}

export function wholeOf({ seconds, joules }: Tally, { energy }: Device): Whole {
  const isKnown = energy !== undefined && !Number.isNaN(joules)
  return { seconds: totalSeconds(seconds), ...(isKnown ? { joules } : {}) }
}

/** @param whole absent where no device was asked for */
export function countsOf(tally: Tally, batch: number, whole?: Whole): Counts {
  const { bytes_read, bytes_written, bytes_weights, seconds } = tally
  const bytes = bytes_read + bytes_written + bytes_weights / batch
  const counts: Growing<Counts> = {
    parameters: tally.parameters,
    macs: tally.macs,
    fixed_macs: tally.fixed_macs,
    arithmetic: tally.arithmetic,
    bytes_read,
    bytes_written,
    bytes_weights,
    bytes,
    kernels: tally.kernels,
    intensity: bytes === 0 ? 0 : (2 * tally.kernelMacs) / bytes,
  }
  if (whole !== undefined) counts.time = timeOf(seconds, whole.seconds)
  if (whole?.joules !== undefined) counts.energy_estimate = tally.joules / batch
  return counts
}

function timeOf(parts: Tally['seconds'], whole: number): Time {
  const { compute, memory, launch } = parts
  const seconds = totalSeconds(parts)
  const share = whole === 0 ? 0 : seconds / whole
  return { seconds, compute, memory, launch, bound: boundOf(parts), share }
}

/** Of equal ones, memory comes first, then arithmetic. */
function boundOf({ compute, memory, launch }: Tally['seconds']): Bound {
  if (memory >= compute && memory >= launch) return 'memory'
  return compute >= launch ? 'compute' : 'launch'
}

export const totalSeconds = ({ compute, memory, launch }: Tally['seconds']): number =>
  compute + memory + launch
