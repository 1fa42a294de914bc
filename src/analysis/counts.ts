import { diagnose } from '../diagnostics/diagnose.ts'
import { DiagnosticError } from '../diagnostics/diagnostic.ts'
import type { Counts, Time } from './analysis.ts'
import type { Bound } from './time/time-model.ts'

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
  /** Seconds a step in kernels bound by each. */
  readonly seconds: Readonly<Record<Bound, number>>
}

export const nothing: Amounts = {
  parameters: 0,
  macs: 0,
  fixed_macs: 0,
  arithmetic: 0,
  bytes_read: 0,
  bytes_written: 0,
  bytes_weights: 0,
  kernels: 0,
  kernelMacs: 0,
  seconds: { compute: 0, memory: 0, launch: 0 },
}

export const sumOf = (amounts: readonly Amounts[]): Amounts => amounts.reduce(add, nothing)

const add = (a: Amounts, b: Amounts): Amounts => ({
  parameters: a.parameters + b.parameters,
  macs: a.macs + b.macs,
  fixed_macs: a.fixed_macs + b.fixed_macs,
  arithmetic: a.arithmetic + b.arithmetic,
  bytes_read: a.bytes_read + b.bytes_read,
  bytes_written: a.bytes_written + b.bytes_written,
  bytes_weights: a.bytes_weights + b.bytes_weights,
  kernels: a.kernels + b.kernels,
  kernelMacs: a.kernelMacs + b.kernelMacs,
  seconds: {
    compute: a.seconds.compute + b.seconds.compute,
    memory: a.seconds.memory + b.seconds.memory,
    launch: a.seconds.launch + b.seconds.launch,
  },
})

/**
 * Sums of a whole network, each still counted exactly.
 * @throws DiagnosticError E1301 where one is beyond the integers of a double
 */
export function exactSum(amounts: readonly Amounts[], network: string): Amounts {
  const sum = sumOf(amounts)
  for (const [what, amount] of Object.entries(sum))
    if (typeof amount === 'number' && amount > Number.MAX_SAFE_INTEGER)
      throw new DiagnosticError([diagnose('E1301', { path: network }, { network, what, amount })])
  return sum
}

/** `seconds` is the whole network's time, absent where no device was asked for. */
export function countsOf(
  { kernelMacs, seconds, ...amounts }: Amounts,
  batch: number,
  whole?: number,
): Counts {
  const bytes = amounts.bytes_read + amounts.bytes_written + amounts.bytes_weights / batch
  return {
    ...amounts,
    bytes,
    intensity: bytes === 0 ? 0 : (2 * kernelMacs) / bytes,
    ...(whole === undefined ? {} : { time: timeOf(seconds, whole) }),
  }
}

function timeOf(parts: Amounts['seconds'], whole: number): Time {
  const seconds = secondsOf(parts)
  const bounds: readonly Bound[] = ['memory', 'compute', 'launch']
  const bound = bounds.reduce((most, each) => (parts[each] > parts[most] ? each : most))
  return { seconds, ...parts, bound, share: whole === 0 ? 0 : seconds / whole }
}

export const secondsOf = ({ compute, memory, launch }: Amounts['seconds']): number =>
  compute + memory + launch
