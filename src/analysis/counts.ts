import { diagnose } from '../diagnostics/diagnose.ts'
import { DiagnosticError } from '../diagnostics/diagnostic.ts'
import type { Counts, Time } from './analysis.ts'
import type { Device } from './devices/device.ts'
import type { Kernel } from '../engines/kernel.ts'
import type { Bound, TimeModel } from './time/time-model.ts'

/** What adds up; the rest of `Counts` follows from it. */
export interface Amounts {
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

type GrowingAmounts = Growing<Omit<Amounts, 'seconds'>> & { readonly seconds: Record<Bound, number> }

export const emptyAmounts = (): GrowingAmounts => ({
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
export function addKernel(amounts: GrowingAmounts, kernel: Kernel, batch: number, model?: TimeModel): void {
  amounts.kernels++
  amounts.arithmetic += kernel.arithmetic
  amounts.bytes_read += kernel.read
  amounts.bytes_written += kernel.written
  amounts.bytes_weights += kernel.weights
  amounts.kernelMacs += kernel.macs
  if (model === undefined) return
  const { bound, total, joules = NaN } = model.time(kernel, batch)
  amounts.joules += joules
  amounts.seconds[bound] += total
}

export function sumOf(amounts: readonly Amounts[]): Amounts {
  const sum = emptyAmounts()
  for (const each of amounts) {
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
export function exactSum(amounts: readonly Amounts[], network: string): Amounts {
  const sum = sumOf(amounts)
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

export function wholeOf({ seconds, joules }: Amounts, { energy }: Device): Whole {
  const isKnown = energy !== undefined && !Number.isNaN(joules)
  return { seconds: secondsOf(seconds), ...(isKnown ? { joules } : {}) }
}

/** @param whole absent where no device was asked for */
export function countsOf(amounts: Amounts, batch: number, whole?: Whole): Counts {
  const { bytes_read, bytes_written, bytes_weights, seconds } = amounts
  const bytes = bytes_read + bytes_written + bytes_weights / batch
  const counts: Growing<Counts> = {
    parameters: amounts.parameters,
    macs: amounts.macs,
    fixed_macs: amounts.fixed_macs,
    arithmetic: amounts.arithmetic,
    bytes_read,
    bytes_written,
    bytes_weights,
    bytes,
    kernels: amounts.kernels,
    intensity: bytes === 0 ? 0 : (2 * amounts.kernelMacs) / bytes,
  }
  if (whole !== undefined) counts.time = timeOf(seconds, whole.seconds)
  if (whole?.joules !== undefined) counts.energy_estimate = amounts.joules / batch
  return counts
}

function timeOf(parts: Amounts['seconds'], whole: number): Time {
  const { compute, memory, launch } = parts
  const seconds = secondsOf(parts)
  const share = whole === 0 ? 0 : seconds / whole
  return { seconds, compute, memory, launch, bound: boundOf(parts), share }
}

/** Of equal ones, memory comes first, then arithmetic. */
function boundOf({ compute, memory, launch }: Amounts['seconds']): Bound {
  if (memory >= compute && memory >= launch) return 'memory'
  return compute >= launch ? 'compute' : 'launch'
}

export const secondsOf = ({ compute, memory, launch }: Amounts['seconds']): number =>
  compute + memory + launch
