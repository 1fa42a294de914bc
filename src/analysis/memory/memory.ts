import { diagnose } from '../../diagnostics/diagnose.ts'
import { DiagnosticError } from '../../diagnostics/diagnostic.ts'
import type { Graph } from '../../ir/graph.ts'
import type { MemoryAnalysis } from '../analysis.ts'
import type { Device } from '../devices/device.ts'
import type { ExecutionOptions } from '../execution/kernel.ts'
import { atBatch } from './amount.ts'
import { largestOf, onDevice } from './fit.ts'
import { parts, totalOf, type Occupancy } from './parts.ts'
import { profile, type Profile } from './profile.ts'
import type { Optimizer } from './residents.ts'
import type { Occupied } from './walk.ts'

export interface MemoryOptions {
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
  { options, batch, optimizer = defaultOptimizer, device }: MemoryOptions,
): MemoryAnalysis {
  if (!Number.isSafeInteger(batch) || batch < 1) throw new RangeError(`a batch of ${batch} images`)
  const overTime = profile(graph, options, optimizer)
  const peak = peakOf(overTime, batch)
  refuseInexact(peak.bytes, graph.name)
  return {
    peak: peak.bytes,
    peak_layer: peak.layer,
    parts: partsOf(peak.occupancy, batch),
    timeline: timelineOf(overTime.moments, batch),
    ...(device === undefined ? {} : { device: onDevice(overTime, device) }),
  }
}

/** The most images that a device holds in a step: 0 where it does not hold one. */
export const largestBatch = (
  graph: Graph,
  options: ExecutionOptions,
  device: Device,
  optimizer: Optimizer = defaultOptimizer,
): number => largestOf(profile(graph, options, optimizer), device)

interface Peak {
  readonly bytes: number
  /** -1 before the first. */
  readonly layer: number
  readonly occupancy: Occupancy
}

function peakOf({ start, moments }: Profile, batch: number): Peak {
  const first: Peak = { bytes: atBatch(totalOf(start), batch), layer: -1, occupancy: start }
  return moments.reduce((peak, { moment: { layer }, occupancy }) => {
    const bytes = atBatch(totalOf(occupancy), batch)
    return bytes > peak.bytes ? { bytes, layer, occupancy } : peak
  }, first)
}

const partsOf = (occupancy: Occupancy, batch: number): MemoryAnalysis['parts'] =>
  parts
    .map((name) => ({ name, bytes: atBatch(occupancy[name], batch) }))
    .filter(({ bytes }) => bytes > 0)
    .sort((a, b) => b.bytes - a.bytes)

/** The most of each layer's moments, in each pass. */
function timelineOf(moments: readonly Occupied[], batch: number): MemoryAnalysis['timeline'] {
  const timeline: { layer: number; pass: 'forward' | 'backward'; bytes: number }[] = []
  for (const { moment, occupancy } of moments) {
    const { layer, pass } = moment
    const bytes = atBatch(totalOf(occupancy), batch)
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
