import { fill, tidy, type Tensor } from '@tensorflow/tfjs-core'
import type { Graph, Node, Value } from '../../../ir/graph.ts'
import { planOf } from '../../../ir/liveness.ts'
import { elements } from '../../../ir/tensor-type.ts'
import { capabilitiesOf } from '../capabilities.ts'
import { dropAll, execute, held, type Live, runsOf } from '../plan.ts'
import { toDevice, toLogical } from '../layout.ts'
import { lowerings } from '../trace/lowering/index.ts'
import { constant, noValues, recorded } from '../trace/trace.ts'
import { onRecorder } from '../trace/tracing-backend.ts'
import { Heap, HEAP_LIMIT } from './heap.ts'
import { MemoryRecorder, type Parts } from './memory-recorder.ts'

/** What one run of a network takes of the module's memory. */
export interface Needs {
  /** Bytes that the memory grows to. */
  readonly bytes: number
  /** The largest block. */
  readonly largest: number
  /** What stays between runs. */
  readonly kept: number
  /** Where it is more than the memory can be; absent where it fits. */
  readonly overflow?: { readonly node?: Node; readonly parts: Parts }
}

/** What is run, and with what. */
export interface PlannedRun {
  readonly graph: Graph
  readonly input: Value
  /** The values that are wanted of it. */
  readonly wanted: readonly Value[]
  readonly batch: number
  /** Bytes that others have in the same memory. */
  readonly others: number
}

/** A second run finds gaps that the first has left, between what is kept from then on. */
const RUNS = 2
/** Where one run takes a quarter of the memory, a second one does not fill it. */
const PLENTY = HEAP_LIMIT / 4

/**
 * Follows a model's preparation and its first runs on tfjs's wasm backend, as `compile.ts` does them, without numbers:
 * every tensor, and what XNNPACK allocates for it, in the order in which it is allocated and freed.
 */
export function needsOf({ graph, input, wanted, batch, others }: PlannedRun): Needs {
  const heap = new Heap()
  if (others > 0) heap.allocate(others)
  const recorder = new MemoryRecorder(batch, heap)
  let kept = 0
  onRecorder(recorder, lowerings.wasm, () => {
    tidy(() => {
      recorder.weights = true
      const runs = runsOf(graph, capabilitiesOf('wasm'), { constant, parameter: noValues })
      recorder.weights = false
      const named = recorded(graph, runs, recorder)
      const steps = planOf(graph, new Set(wanted.map(({ id }) => id)))
      for (let run = 0; run < RUNS; run++) {
        const live: Live = new Map([[input.id, upload(input, batch)]])
        execute(steps, named, live)
        download(wanted, live)
        dropAll(live)
        if (heap.end < PLENTY) break
      }
      kept = heap.live - others
    })
  })
  const { overflow } = recorder
  const node = overflow && graph.nodes[overflow.node]
  return {
    bytes: heap.end,
    largest: heap.largest,
    kept,
    ...(overflow ? { overflow: { ...(node ? { node } : {}), parts: overflow.parts } } : {}),
  }
}

const upload = ({ type }: Value, batch: number): Tensor =>
  tidy(() => toDevice(fill([batch * elements(type)], 0), type.shape, batch))

/** All results exist in logical order before the first of them goes. */
function download(wanted: readonly Value[], live: Live): void {
  const logical = wanted.map(({ id, type }) => tidy(() => toLogical(held(live, id), type.shape)))
  for (const value of logical) value.dispose()
}
