import type { MemoryAnalysis } from '../analysis.ts'
import type { Device } from '../devices/device.ts'
import type { Profile } from './profile.ts'

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
export const onDevice = (profile: Profile, device: Device): NonNullable<MemoryAnalysis['device']> => ({
  bytes: device.memory.value,
  reserved: unavailable(device),
  largest_batch: largestOf(profile, device),
})

/** Bytes at each moment are linear in the batch, so each moment has its own largest batch, and the least of them counts. */
export function largestOf({ start, moments }: Profile, device: Device): number {
  const available = device.memory.value - unavailable(device)
  let least = Number.MAX_SAFE_INTEGER
  for (const { image, step } of [start, ...moments.map(({ total }) => total)]) {
    if (step + image > available) return 0
    if (image > 0) least = Math.min(least, Math.floor((available - step) / image))
  }
  return least
}
