import { engine } from '@tensorflow/tfjs-core'
import { expect, it } from 'vitest'
import { Heap, HEAP_LIMIT } from '../../../src/backends/tfjs/wasm/heap.ts'
import { openTfjs } from '../../../src/backends/tfjs/node/device.ts'

/** Where the SIMD module of tfjs-backend-wasm 4.22 keeps how far its memory is taken. */
const TAKEN = 23_168

interface Module {
  readonly HEAP32: Int32Array
  readonly _malloc: (bytes: number) => number
  readonly _free: (address: number) => void
}

/** Numbers from 0 to 1, always the same. */
function numbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** Where the data of the SIMD module of tfjs-backend-wasm 4.22 ends, and what it allocates when it starts. */
function startedHeap(): Heap {
  const heap = new Heap(92_032)
  expect(heap.allocate(256, 64)).toBe(92_096)
  return heap
}

it('takes as much memory as the module does, to a tenth, whatever is done', async () => {
  expect(await openTfjs('wasm')).toBe('wasm')
  const { wasm } = engine().backend as unknown as { wasm: Module }
  const heap = startedHeap()
  const random = numbers(7)
  const held: (readonly [counted: number, real: number])[] = []
  for (let step = 0; step < 4000; step++) {
    if (held.length > 0 && random() < 0.48) {
      const [[counted, real] = [0, 0]] = held.splice(Math.floor(random() * held.length), 1)
      heap.free(counted)
      wasm._free(real)
    } else {
      const bytes = Math.floor(2 ** (2 + 18 * random()))
      held.push([heap.allocate(bytes), wasm._malloc(bytes)])
    }
  }
  const taken = (wasm.HEAP32[TAKEN >>> 2] ?? 0) >>> 0
  expect(Math.abs(heap.end / taken - 1)).toBeLessThan(0.1)
  expect(heap.overflowed).toBe(false)
})

it('says when the module has no room', () => {
  const heap = new Heap()
  heap.allocate(2 ** 31)
  heap.allocate(2 ** 31 - 2 ** 20)
  expect(heap.overflowed).toBe(false)
  heap.allocate(2 ** 20)
  expect(heap.overflowed).toBe(true)
  expect(heap.end).toBeGreaterThan(HEAP_LIMIT)
})

it('says when an address passes 32 bits, which the module takes for room', () => {
  const heap = new Heap()
  heap.allocate(3 * 2 ** 30)
  const gap = heap.allocate(2 ** 28)
  heap.allocate(8)
  heap.free(gap)
  // Too large for the gap, yet the sum of the gap's address and this is small in 32 bits.
  heap.allocate(2 ** 30)
  expect(heap.overflowed).toBe(true)
})
