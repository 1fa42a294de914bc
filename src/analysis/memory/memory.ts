import { diagnose } from '../../diagnostics/diagnose.ts'
import { DiagnosticError } from '../../diagnostics/diagnostic.ts'
import type { Graph } from '../../ir/graph.ts'
import { GraphView } from '../../ir/view.ts'
import type { MemoryAnalysis } from '../analysis.ts'
import type { Device } from '../devices/device.ts'
import type { ExecutionOptions } from '../../engines/kernel.ts'
import { atBatch } from './amount.ts'
import { type Moment, partsDuring, profile, type Occupied, type Profile, type Optimizer } from './profile.ts'

interface MemoryOptions {
  /** The graph's view, where there is one already. */
  readonly view?: GraphView
  readonly options: ExecutionOptions
  /** Images a step. */
  readonly batch: number
  /** In training. Default: SGD with momentum. */
  readonly optimizer?: Optimizer
  readonly device?: Device
}

const defaultOptimizer: Optimizer = 'momentum'

/**
 * The memory that eager PyTorch takes for a step: when, for what, and whether a device has as much. What is assumed is
 * in docs/decisions/0008-memory-model.md.
 * @throws RangeError where the batch is no positive integer
 * @throws DiagnosticError E1301 where the bytes are beyond the integers of a double
 */
export function memoryOf(
  graph: Graph,
  { options, batch, optimizer = defaultOptimizer, device, view = new GraphView(graph) }: MemoryOptions,
): MemoryAnalysis {
  if (!Number.isSafeInteger(batch) || batch < 1) throw new RangeError(`a batch of ${batch} images`)
  const overTime = profile(view, options, optimizer)
  const peak = peakOf(overTime, batch)
  refuseInexact(peak.bytes, graph.name)
  return {
    peak: peak.bytes,
    peak_layer: peak.moment?.layer ?? -1,
    parts: partsDuring(overTime, peak.moment, batch),
    timeline: timelineOf(overTime.moments, batch),
    ...(device === undefined ? {} : { device: onDevice(overTime, device) }),
  }
}

/**
 * The most bytes of a step alone, as `memoryOf` tells them.
 * @throws DiagnosticError E1301 where they are beyond the integers of a double
 */
export function peakBytes(
  graph: Graph,
  { options, batch, optimizer = defaultOptimizer, view = new GraphView(graph) }: MemoryOptions,
): number {
  const { bytes } = peakOf(profile(view, options, optimizer), batch)
  refuseInexact(bytes, graph.name)
  return bytes
}

/** The most images that a device holds in a step: 0 where it does not hold one. */
export const largestBatch = (
  graph: Graph,
  options: ExecutionOptions,
  device: Device,
  optimizer: Optimizer = defaultOptimizer,
): number => largestOf(profile(new GraphView(graph), options, optimizer), device)

interface Peak {
  readonly bytes: number
  /** Absent where it is before the first. */
  readonly moment?: Moment
}

function peakOf({ start, moments }: Profile, batch: number): Peak {
  const first: Peak = { bytes: atBatch(start, batch) }
  return moments.reduce((peak, { moment, total }) => {
    const bytes = atBatch(total, batch)
    return bytes > peak.bytes ? { bytes, moment } : peak
  }, first)
}

/** The most of each layer's moments, in each pass. */
function timelineOf(moments: readonly Occupied[], batch: number): MemoryAnalysis['timeline'] {
  const timeline: { layer: number; pass: 'forward' | 'backward'; bytes: number }[] = []
  for (const { moment, total } of moments) {
    const { layer, pass } = moment
    const bytes = atBatch(total, batch)
    const last = timeline.at(-1)
    if (last?.layer === layer && last.pass === pass) last.bytes = Math.max(last.bytes, bytes)
    else timeline.push({ layer, pass, bytes })
  }
  return timeline
}

function refuseInexact(amount: number, network: string): void {
  if (Number.isSafeInteger(amount)) return
  throw new DiagnosticError([
    diagnose('E1301', { path: network }, { network, what: 'bytes_of_memory', amount }),
  ])
}

/**
 * Share of the memory that tensors could have which PyTorch's allocator holds but cannot use, because it is in pieces. The
 * calls of five networks replayed by its published rules lose 1.7 to 4.0 %; 21 messages of programs that ran out of
 * memory tell 2.2 % in the median (docs/decisions/0008-memory-model.md). It is not fitted to largest batches.
 */
const IN_PIECES = 0.03

/** Bytes that tensors cannot have: those of driver and libraries, and those that lie in pieces. */
const unavailable = ({ memory, reserved }: Device): number =>
  reserved.value + Math.round(IN_PIECES * (memory.value - reserved.value))

/** What the report says of a device; a step fits where its peak and `reserved` are at most `bytes`. */
const onDevice = (profile: Profile, device: Device): NonNullable<MemoryAnalysis['device']> => ({
  bytes: device.memory.value,
  reserved: unavailable(device),
  largest_batch: largestOf(profile, device),
})

/** Bytes at each moment are linear in the batch, so each moment has its own largest batch, and the least of them counts. */
function largestOf({ start, moments }: Profile, device: Device): number {
  const available = device.memory.value - unavailable(device)
  let least = Number.MAX_SAFE_INTEGER
  for (const { image, step } of [start, ...moments.map(({ total }) => total)]) {
    if (step + image > available) return 0
    if (image > 0) least = Math.min(least, Math.floor((available - step) / image))
  }
  return least
}
