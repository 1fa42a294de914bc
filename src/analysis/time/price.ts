import { peakRate } from '../devices/peak-rate.ts'
import type { Device } from '../devices/device.ts'
import { bytesOfStep, flopsOfStep, type Filter, type Kernel } from '../execution/kernel.ts'
import type { Parameters } from './parameters.ts'
import { kernelTime, type KernelTime } from './time-model.ts'

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
export type Group = 'dense' | 'grouped' | 'depthwise' | 'large_depthwise' | 'copy' | 'pass'

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
