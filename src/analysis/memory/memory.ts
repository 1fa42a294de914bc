import { diagnose } from '../../diagnostics/diagnose.ts'
import { DiagnosticError } from '../../diagnostics/diagnostic.ts'
import {
  type Amount,
  type MemoryPart,
  memoryParts,
  noBytes,
  type Schedule,
  type StorageId,
} from '../../engines/schedule.ts'
import type { MemoryAnalysis } from '../analysis.ts'
import type { Device } from '../devices/device.ts'

/** Numbers that an optimiser keeps for each parameter: none, the momentum, or Adam's two moments. */
const optimizerStates = { sgd: 0, momentum: 1, adam: 2 } as const

type Optimizer = keyof typeof optimizerStates

interface MemoryOptions {
  /** Images a step. */
  readonly batch: number
  /** In training. Default: SGD with momentum. */
  readonly optimizer?: Optimizer
  readonly device?: Device
}

const defaultOptimizer: Optimizer = 'momentum'

/**
 * The memory that an engine takes for a step: when, for what, and whether a device has as much. What is assumed is in
 * docs/decisions/0008-memory-model.md.
 * @throws RangeError where the batch is no positive integer
 * @throws DiagnosticError E1301 where the bytes are beyond the integers of a double
 */
export function memoryOf(
  schedule: Schedule,
  { batch, optimizer = defaultOptimizer, device }: MemoryOptions,
): MemoryAnalysis {
  if (!Number.isSafeInteger(batch) || batch < 1) throw new RangeError(`a batch of ${batch} images`)
  const { peak, timeline } = courseOf(schedule, optimizer, batch)
  refuseInexact(peak.bytes, schedule.view.graph.name)
  return {
    peak: peak.bytes,
    peak_layer: schedule.calls[peak.call]?.node ?? -1,
    parts: partsDuring(schedule, optimizer, peak.call, batch),
    timeline,
    ...(schedule.unmeasured === undefined ? {} : { unmeasured: schedule.unmeasured }),
    ...(device === undefined ? {} : { device: roomOn(schedule, device, optimizer) }),
  }
}

/** What the report says of a device; a step fits where its peak and `reserved` are at most `bytes`. */
const roomOn = (
  schedule: Schedule,
  device: Device,
  optimizer: Optimizer,
): NonNullable<MemoryAnalysis['device']> => ({
  bytes: device.memory.value,
  reserved: unavailable(device),
  largest_batch: largestBatch(schedule, device, optimizer),
})

/**
 * The most bytes of a step alone, as `memoryOf` tells them.
 * @throws DiagnosticError E1301 where they are beyond the integers of a double
 */
export function peakBytes(
  schedule: Schedule,
  { batch, optimizer = defaultOptimizer }: Omit<MemoryOptions, 'device'>,
): number {
  let peak = 0
  walk(schedule, optimizer, (_, ledger) => {
    peak = Math.max(peak, ledger.bytes(batch))
  })
  refuseInexact(peak, schedule.view.graph.name)
  return peak
}

/** What is in use, part by part, in bytes of each image and in bytes whatever the batch. */
class Ledger {
  image = 0
  step = 0
  private readonly images = memoryParts.map(() => 0)
  private readonly steps = memoryParts.map(() => 0)

  change(part: MemoryPart, { image, step }: Amount, sign: 1 | -1): void {
    const index = partIndex[part]
    this.images[index] = (this.images[index] ?? 0) + sign * image
    this.steps[index] = (this.steps[index] ?? 0) + sign * step
    this.image += sign * image
    this.step += sign * step
  }

  bytes(batch: number): number {
    return this.image * batch + this.step
  }

  /** Bytes of the parts that are not empty, largest first. */
  parts(batch: number): MemoryAnalysis['parts'] {
    return memoryParts
      .map((name, index) => ({ name, bytes: (this.images[index] ?? 0) * batch + (this.steps[index] ?? 0) }))
      .filter(({ bytes }) => bytes > 0)
      .sort((a, b) => b.bytes - a.bytes)
  }
}

const partIndex = Object.fromEntries(memoryParts.map((part, index) => [part, index])) as Readonly<
  Record<MemoryPart, number>
>

/**
 * Walks over a step: each call makes its storages, and each storage goes after the last call that needs it. The optimiser's
 * calls are left out, because activations are gone by then.
 * @param visit is told what is in use before the first call (-1) and while each lasts; the ledger changes afterwards
 */
function walk(schedule: Schedule, optimizer: Optimizer, visit: (call: number, ledger: Ledger) => void): void {
  const { calls, storages } = schedule
  const ledger = startOf(schedule, optimizer)
  const last = lastCalls(schedule)
  const isAlive = new Uint8Array(storages.length)
  for (const id of schedule.given) isAlive[id] = 1
  const change = (id: StorageId, alive: 0 | 1): void => {
    const storage = storages[id]
    if (storage === undefined || isAlive[id] === alive) return
    isAlive[id] = alive
    ledger.change(storage.part, storage, alive === 1 ? 1 : -1)
  }
  visit(-1, ledger)
  for (let index = 0; index < calls.length; index++) {
    const call = calls[index]
    if (call === undefined || call.pass === 'update') continue
    for (const id of call.makes) change(id, 1)
    if (call.scratch !== noBytes) ledger.change('workspace', call.scratch, 1)
    visit(index, ledger)
    if (call.scratch !== noBytes) ledger.change('workspace', call.scratch, -1)
    for (const id of call.needs) if (last[id] === index) change(id, 0)
    for (const id of call.makes) if (last[id] === index) change(id, 0)
  }
}

/** The last call that needs or makes each storage; none that ever comes for those that are held. */
function lastCalls({ calls, storages, held }: Schedule): Int32Array {
  const last = new Int32Array(storages.length)
  for (let index = 0; index < calls.length; index++) {
    for (const id of calls[index]?.needs ?? []) last[id] = index
    for (const id of calls[index]?.makes ?? []) last[id] = index
  }
  for (const id of held) last[id] = calls.length
  return last
}

/** What stays from step to step, and the network's inputs. */
function startOf({ resident, given, storages, options }: Schedule, optimizer: Optimizer): Ledger {
  const ledger = new Ledger()
  const stays = (part: MemoryPart, step: number): void => ledger.change(part, { image: 0, step }, 1)
  stays('weights', resident.weights)
  stays('running statistics', resident['running statistics'])
  stays('weight copies', resident['weight copies'])
  stays('weight gradients', resident['weight gradients'])
  stays('optimiser state', resident['weight gradients'] * optimizerStates[optimizer])
  for (const id of new Set(given)) {
    const picture = storages[id]
    if (picture === undefined) continue
    ledger.change('input', picture, 1)
    // While a step trains, the pictures of the next are loaded beside it.
    if (options.mode === 'training') ledger.change('input', picture, 1)
  }
  return ledger
}

interface Course {
  /** The call during which most is in use, -1 before the first, and how much that is. */
  readonly peak: { readonly call: number; readonly bytes: number }
  /** The most of each layer's calls, in each pass. */
  readonly timeline: MemoryAnalysis['timeline']
}

function courseOf(schedule: Schedule, optimizer: Optimizer, batch: number): Course {
  let peak = { call: -1, bytes: -1 }
  const timeline: { layer: number; pass: 'forward' | 'backward'; bytes: number }[] = []
  walk(schedule, optimizer, (index, ledger) => {
    const bytes = ledger.bytes(batch)
    if (bytes > peak.bytes) peak = { call: index, bytes }
    const call = schedule.calls[index]
    if (call === undefined || call.pass === 'update') return
    const { node: layer, pass } = call
    const last = timeline.at(-1)
    if (last?.layer === layer && last.pass === pass) last.bytes = Math.max(last.bytes, bytes)
    else timeline.push({ layer, pass, bytes })
  })
  return { peak, timeline }
}

/** What memory is for while a call lasts; before the first, where that is -1. */
function partsDuring(
  schedule: Schedule,
  optimizer: Optimizer,
  call: number,
  batch: number,
): MemoryAnalysis['parts'] {
  let parts: MemoryAnalysis['parts'] = []
  walk(schedule, optimizer, (index, ledger) => {
    if (index === call) parts = ledger.parts(batch)
  })
  return parts
}

/** @throws DiagnosticError E1301 */
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

/**
 * The most images that a device holds in a step: 0 where it does not hold one. Bytes at each moment are linear in the batch,
 * so each moment has its own largest batch, and the least of them counts.
 */
export function largestBatch(
  schedule: Schedule,
  device: Device,
  optimizer: Optimizer = defaultOptimizer,
): number {
  const available = device.memory.value - unavailable(device)
  let least = Number.MAX_SAFE_INTEGER
  walk(schedule, optimizer, (_, { image, step }) => {
    if (step + image > available) least = 0
    else if (image > 0) least = Math.min(least, Math.floor((available - step) / image))
  })
  return least
}
