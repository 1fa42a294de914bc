import {
  type ComputeUnit,
  type DataType,
  type Kernel,
  bytesOfStep,
  flopsOfStep,
  type Filter,
} from '../../engines/kernel.ts'
import { peakRate, picojoulesOf, type Device, type Calibration } from '../devices/device.ts'
import { type Parameters, parameters, parametersFrom } from './calibrations.ts'

/** Seconds of one kernel in one step. */
export interface KernelTime {
  readonly compute: number
  readonly memory: number
  /** The least time between this kernel and the next. */
  readonly launch: number
  /** max(compute + memory, launch). */
  readonly total: number
  readonly bound: Bound
  /** Joules of the step; absent where the device's file has no figures of energy. */
  readonly joules?: number
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
function kernelTime(compute: number, memory: number, launch: number): KernelTime {
  const work = compute + memory
  if (work < launch) return { compute, memory, launch, total: launch, bound: 'launch' }
  return { compute, memory, launch, total: work, bound: compute > memory ? 'compute' : 'memory' }
}

/** What the time of a kernel depends on besides the parameters. Seconds are of a step, at the device's peaks. */
export interface Terms {
  readonly group: Group
  readonly compute: number
  readonly memory: number
  readonly launch: number
  /** Output channels; 1 where there is no filter. */
  readonly width: number
  readonly isAligned: boolean
}

/** Kernels that share efficiencies. */
type Group = 'dense' | 'grouped' | 'depthwise' | 'large_depthwise' | 'copy' | 'pass'

/** Channels that a tensor core takes at once, in the smallest of its shapes (PTX ISA, `mma.m16n8k8`). */
const TILE = 8
/** Pictures have this many channels at most; cuDNN has kernels of its own for so few. */
const FEW = 4
/** From this size on, depthwise convolutions have no kernels of their own in cuDNN and PyTorch. */
const LARGE = 7

/** What stays the same while parameters change. */
export function termsOf(kernel: Kernel, batch: number, device: Device): Terms {
  const { macs, filter, type, unit } = kernel
  const peak = macs === 0 ? Infinity : peakRate(device, type, unit)
  return {
    group: groupOf(kernel),
    compute: (flopsOfStep(kernel, batch) / peak) * filling(kernel),
    memory: bytesOfStep(kernel, batch) / device.bandwidth.value,
    launch: device.launch.value,
    width: filter?.outChannels ?? 1,
    isAligned: filter === undefined || isAligned(filter),
  }
}

function groupOf({ kind, filter }: Kernel): Group {
  if (kind === 'depthwise') return isLarge(filter) ? 'large_depthwise' : 'depthwise'
  return kind === 'dense' || kind === 'grouped' || kind === 'copy' ? kind : 'pass'
}

function isLarge(filter: Filter | undefined): boolean {
  const [height, width] = filter?.kernel ?? [1, 1]
  return height >= LARGE || width >= LARGE || height !== width
}

const isAligned = ({ inChannels, outChannels }: Filter): boolean =>
  (inChannels <= FEW || inChannels % TILE === 0) && outChannels % TILE === 0

/** How much larger the groups of a grouped convolution are when both their sides fill whole tiles. */
function filling({ kind, filter }: Kernel): number {
  if (kind !== 'grouped' || filter === undefined) return 1
  return filled(filter.inChannels / filter.groups) * filled(filter.outChannels / filter.groups)
}

const filled = (channels: number): number => (Math.ceil(channels / TILE) * TILE) / channels

/**
 * The time of a kernel under some parameters:
 *
 * - dense: arithmetic x (1 + narrow_width / Cout) x (1 + misalignment, if misaligned) / dense_efficiency
 * - grouped and depthwise: arithmetic / their efficiency
 * - memory: bytes / (bandwidth x memory_efficiency), or x copy_efficiency for what only moves
 * - both are added, but of the shorter only `unhidden` in dense and grouped convolutions, whose kernels fetch the next
 *   tile while they multiply; a parameter of 1 is the sum, of 0 the roofline's larger of the two
 */
export function price(terms: Terms, parameters: Parameters): KernelTime {
  const compute = computeTime(terms, parameters)
  const memory = terms.memory / memoryEfficiency(terms.group, parameters)
  if (terms.group !== 'dense' && terms.group !== 'grouped') return kernelTime(compute, memory, terms.launch)
  const { unhidden } = parameters
  return compute < memory
    ? kernelTime(compute * unhidden, memory, terms.launch)
    : kernelTime(compute, memory * unhidden, terms.launch)
}

function computeTime({ group, compute, width, isAligned }: Terms, parameters: Parameters): number {
  if (group === 'pass' || group === 'copy') return compute
  if (group !== 'dense') return compute / parameters[`${group}_efficiency`]
  const narrow = 1 + parameters.narrow_width / width
  return (compute * narrow * (isAligned ? 1 : 1 + parameters.misalignment)) / parameters.dense_efficiency
}

const memoryEfficiency = (group: Group, { copy_efficiency, memory_efficiency }: Parameters): number =>
  group === 'copy' ? copy_efficiency : memory_efficiency

/**
 * The roofline (Williams et al. 2009, doi:10.1145/1498765.1498785) with nothing fitted: FLOPs over the datasheet's peak
 * plus bytes over its bandwidth. The sum rather than the larger of the two: kernels seldom overlap both, and on
 * measured networks the sum predicts better (docs/decisions/0009).
 */
export function roofline(device: Device): TimeModel {
  const rateOf = peakRates(device)
  return withEnergy(device, {
    name: 'roofline',
    time: (kernel: Kernel, batch: number) =>
      kernelTime(
        kernel.macs === 0 ? 0 : flopsOfStep(kernel, batch) / rateOf(kernel),
        bytesOfStep(kernel, batch) / device.bandwidth.value,
        device.launch.value,
      ),
  })
}

/**
 * Tells of each kernel what its bytes and FLOPs take at the device's picojoules (Horowitz, ISSCC 2014,
 * doi:10.1109/ISSCC.2014.6757323, has such figures). It is an estimate: caches, instructions, idle time and leakage are
 * no part of it.
 */
function withEnergy(device: Device, model: TimeModel): TimeModel {
  const { energy } = device
  if (energy === undefined) return model
  const joules = (kernel: Kernel, batch: number): number =>
    1e-12 *
    (bytesOfStep(kernel, batch) * energy.byte.value +
      (kernel.macs === 0 ? 0 : flopsOfStep(kernel, batch) * picojoulesOf(energy, kernel.type)))
  return {
    ...model,
    time: (kernel, batch) => ({ ...model.time(kernel, batch), joules: joules(kernel, batch) }),
  }
}

/** The device's peaks, each looked up once: most kernels of a step compute in one type. */
function peakRates(device: Device): (kernel: Pick<Kernel, 'type' | 'unit'>) => number {
  const known: Record<ComputeUnit, Partial<Record<DataType, number>>> = { matrix: {}, vector: {} }
  return ({ type, unit }) => (known[unit][type] ??= peakRate(device, type, unit))
}

/**
 * The time model whose efficiencies were fitted to measurements. Seconds at the device's peaks are corrected as
 * `price.ts` states; a calibration of another device of the same family serves too, since only the peaks are the
 * device's. A parameter that the calibration lacks has its prior.
 */
export function calibrated(device: Device, calibration: Pick<Calibration, 'parameters'>): TimeModel {
  const fitted = parametersFrom((name) => positive(calibration.parameters[name]) ?? parameters[name].prior)
  return withEnergy(device, {
    name: 'calibrated',
    time: (kernel, batch) => price(termsOf(kernel, batch, device), fitted),
  })
}

/** A program may hand in any number; a device file has been checked. */
const positive = (value: number | undefined): number | undefined =>
  value !== undefined && value > 0 ? value : undefined
