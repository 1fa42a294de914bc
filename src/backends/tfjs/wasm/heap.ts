/**
 * The allocator of tfjs's WebAssembly modules: emscripten's emmalloc (system/lib/emmalloc.cpp), as tfjs-backend-wasm
 * 4.22 has it compiled in. Where a block lands decides what still fits, so the sum of what is alive says too little:
 * memory that the module takes is the larger by its gaps. test/backends/tfjs/wasm-heap.test.ts compares how far the module's
 * memory is taken.
 */

/** The most that the module's memory grows to: `getHeapMax` in wasm-out/tfjs-backend-wasm.js, one page below 4 GiB. */
export const HEAP_LIMIT = 2 ** 32 - 2 ** 16
/**
 * What a model may take of it, as it is counted here. The count and the module differ by up to a few percent (where blocks
 * land decides what fits later), so that a thirty-second of the memory, 128 MiB, is kept back.
 */
export const USABLE = HEAP_LIMIT - 2 ** 27
/** Where an address of 32 bits ends. */
const ADDRESSES = 2 ** 32
/** Sizes before and after each region's content. */
const OVERHEAD = 8
/** The region that marks the end of what was taken from the system. */
const SENTINEL = 16
const BUCKETS = 64
/** Lists of smaller regions are not walked: only their first is looked at. */
const WALKED_FROM = 30
const MOST_WALKED = 99

/** A stretch of memory, free or in use; `start` is where its size is written, the content follows. */
interface Region {
  start: number
  size: number
  free: boolean
  before: Region | undefined
  after: Region | undefined
  /** Neighbours in the list of free regions of about this size. */
  newer: Region | undefined
  older: Region | undefined
  bucket: number
}

interface Bucket {
  newest: Region | undefined
  oldest: Region | undefined
}

export class Heap {
  /** Where memory taken from the system ends; it never goes back. */
  end: number
  /** Bytes that are asked for and not freed. */
  live = 0
  /** The most that was asked for at once. */
  largest = 0
  /** Whether something was asked for that the module has no room for, or believes to have without having it. */
  overflowed = false

  private readonly buckets: Bucket[] = Array.from({ length: BUCKETS }, () => ({
    newest: undefined,
    oldest: undefined,
  }))
  private last: Region | undefined
  private readonly used = new Map<number, { region: Region; bytes: number }>()

  /** `start`: where the module's own data ends. Memory has no limit here; `overflowed` says that one was passed. */
  constructor(start = 2 ** 17) {
    this.end = start
    this.grow(3 * SENTINEL)
  }

  /** The address of `bytes` new bytes, a multiple of `align`. */
  allocate(bytes: number, align = 8): number {
    this.live += bytes
    this.largest = Math.max(this.largest, bytes)
    const size = Math.max(8, 4 * Math.ceil(bytes / 4))
    const region = this.take(size, align)
    const address = region.start + OVERHEAD / 2
    this.used.set(address, { region, bytes })
    return address
  }

  free(address: number): void {
    const found = this.used.get(address)
    if (!found) throw new Error(`nothing was allocated at ${address}`)
    this.used.delete(address)
    this.live -= found.bytes
    let { region } = found
    const { before, after } = region
    if (before?.free === true) {
      this.unlist(before)
      region = this.joined(before, region)
    }
    if (after?.free === true) {
      this.unlist(after)
      region = this.joined(region, after)
    }
    this.list(region)
  }

  private take(size: number, align: number): Region {
    const found = this.firstFitting(size, align)
    if (found) return this.occupied(found, size, align)
    this.grow(size + 3 * SENTINEL)
    return this.take(size, align)
  }

  /** Of each list only the first is tried, which goes to the end where it is too small; of the last list some more. */
  private firstFitting(size: number, align: number): Region | undefined {
    for (let bucket = bucketOf(size); bucket < BUCKETS; bucket++) {
      const region = this.buckets[bucket]?.newest
      if (!region) continue
      if (this.fits(region, size, align)) return region
      this.unlist(region)
      this.listLast(region, bucket)
    }
    let top = BUCKETS - 1
    while (top > 0 && this.buckets[top]?.newest === undefined) top--
    if (top < WALKED_FROM) return undefined
    let region = this.buckets[top]?.newest
    for (let tries = 1; region && tries <= MOST_WALKED; tries++) {
      if (this.fits(region, size, align)) return region
      region = region.older
    }
    return undefined
  }

  /**
   * The module compares addresses of 32 bits: the end of a request that lies beyond them comes out as a small number,
   * which "fits", and the caller writes over what others hold.
   */
  private fits(region: Region, wanted: number, align: number): boolean {
    const end = alignedContent(region, align) + wanted
    if (end >= ADDRESSES) this.overflowed = true
    return end <= region.start + region.size - OVERHEAD / 2
  }

  private occupied(region: Region, size: number, align: number): Region {
    this.unlist(region)
    region.free = false
    // What alignment leaves out goes to the region before.
    const skipped = alignedContent(region, align) - (region.start + OVERHEAD / 2)
    if (region.before) region.before.size += skipped
    region.start += skipped
    region.size -= skipped
    const rest = region.size - size - OVERHEAD
    if (rest < 16) return region
    region.size = size + OVERHEAD
    const piece = newRegion(region.start + region.size, rest)
    this.insertAfter(region, piece)
    this.list(piece)
    return region
  }

  /** New memory continues the old: the mark at its end becomes part of it, and a free region before that too. */
  private grow(bytes: number): void {
    const start = this.last === undefined ? this.end + SENTINEL : this.end - SENTINEL
    this.end += 8 * Math.ceil(bytes / 8)
    if (this.end > HEAP_LIMIT) this.overflowed = true
    const size = this.end - SENTINEL - start
    const { last } = this
    if (last?.free === true) {
      this.unlist(last)
      last.size += size
      this.list(last)
      return
    }
    const region = newRegion(start, size)
    this.insertAfter(last, region)
    this.list(region)
  }

  private insertAfter(region: Region | undefined, piece: Region): void {
    piece.before = region
    piece.after = region?.after
    if (region) region.after = piece
    if (piece.after) piece.after.before = piece
    else this.last = piece
  }

  private joined(left: Region, right: Region): Region {
    left.size += right.size
    left.after = right.after
    if (right.after) right.after.before = left
    else this.last = left
    return left
  }

  private list(region: Region): void {
    region.free = true
    region.bucket = bucketOf(region.size - OVERHEAD)
    const bucket = this.buckets[region.bucket]
    if (!bucket) return
    region.newer = undefined
    region.older = bucket.newest
    if (bucket.newest) bucket.newest.newer = region
    else bucket.oldest = region
    bucket.newest = region
  }

  private listLast(region: Region, index: number): void {
    const bucket = this.buckets[index]
    if (!bucket) return
    region.older = undefined
    region.newer = bucket.oldest
    if (bucket.oldest) bucket.oldest.older = region
    else bucket.newest = region
    bucket.oldest = region
  }

  private unlist(region: Region): void {
    const bucket = this.buckets[region.bucket]
    if (!bucket) return
    if (region.newer) region.newer.older = region.older
    else bucket.newest = region.older
    if (region.older) region.older.newer = region.newer
    else bucket.oldest = region.newer
  }
}

const newRegion = (start: number, size: number): Region => ({
  start,
  size,
  free: false,
  before: undefined,
  after: undefined,
  newer: undefined,
  older: undefined,
  bucket: 0,
})

const alignedContent = ({ start }: Region, align: number): number =>
  align * Math.ceil((start + OVERHEAD / 2) / align)

/** The list of free regions that a size belongs to: finer for small ones, one for all from 128 MiB (`compute_free_list_bucket`). */
function bucketOf(size: number): number {
  if (size <= 127) return (size >>> 3) - 1
  if (size >= ADDRESSES) return BUCKETS - 1
  const zeros = Math.clz32(size)
  if (size <= 4095) return ((size >>> (29 - zeros)) ^ 4) - 4 * zeros + 110
  return Math.min(BUCKETS - 1, ((size >>> (30 - zeros)) ^ 2) - 2 * zeros + 71)
}
