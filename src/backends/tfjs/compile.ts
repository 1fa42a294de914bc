import { getBackend, tensor, tidy, type Tensor } from '@tensorflow/tfjs-core'
import { nearest } from '../../diagnostics/suggest.ts'
import type { Graph, Node, Value, ValueId } from '../../ir/graph.ts'
import { elements } from '../../ir/tensor-type.ts'
import type { Weights } from '../../weights/weights.ts'
import { type HostTensor, type Model, type Prediction, tapNames, tapValue } from '../model.ts'
import { wasLeftOut } from '../../passes/dead-code.ts'
import { capabilitiesOf } from './capabilities.ts'
import { dropAll, execute, held, type Live, prepare } from './plan.ts'
import type { StepFunction } from './step.ts'
import { toDevice, toLogical } from './layout.ts'
import { planOf } from '../../ir/liveness.ts'
import { activeGuard, guarded } from './wasm/guard.ts'
import { ModelMemory } from './wasm/memory.ts'

export type TfjsModel = Model

/**
 * Puts a network on the tfjs backend that is active now (see `openTfjs`) and returns it, ready to run. The
 * arrays of `weights` belong to the model from then on: some backends do not copy them. Nothing but the
 * model's constants stays on the device between runs.
 * @throws DiagnosticError E0720, E0721 where the memory of wasm does not suffice
 */
export function compileTfjs(graph: Graph, weights: Weights): TfjsModel {
  const backend = getBackend()
  const place = placeOf(graph)
  const { runs, dispose } = place.watch(() => prepare(graph, weights, capabilitiesOf(backend)))
  const watched = place.watched(runs)
  let disposed = false
  return {
    backend,
    predict: async (input, batch, taps = []) => {
      if (disposed) throw new Error(`the model of ${graph.name} was disposed`)
      const wanted = wantedOf(graph, taps)
      refuseWrongSize(wanted.input, input, batch)
      place.reserve(wanted, batch)
      const live: Live = new Map()
      try {
        live.set(
          wanted.input.id,
          place.watch(() => upload(wanted.input, input, batch)),
        )
        execute(planOf(graph, idsOf(wanted)), watched, live)
        return await download(
          wanted,
          place.watch(() => resultsOf(wanted, live)),
          batch,
        )
      } finally {
        dropAll(live)
      }
    },
    dispose: () => {
      disposed = true
      place.release()
      dispose()
    },
  }
}

/** Where a model's work is done: on wasm it is counted before and watched over. */
interface Place {
  /** @throws DiagnosticError E0720 where there is not enough memory for a run */
  readonly reserve: (wanted: Wanted, batch: number) => void
  /** @throws DiagnosticError E0721, E0722 */
  readonly watch: <T>(work: () => T) => T
  readonly watched: (runs: ReadonlyMap<Node, StepFunction>) => ReadonlyMap<Node, StepFunction>
  readonly release: () => void
}

function placeOf(graph: Graph): Place {
  const guard = activeGuard()
  if (!guard)
    return {
      reserve: () => undefined,
      watch: (work) => work(),
      watched: (runs) => runs,
      release: () => undefined,
    }
  const memory = new ModelMemory(guard)
  const reserve: Place['reserve'] = (wanted, batch) => {
    memory.reserve({ graph, input: wanted.input, wanted: valuesOf(wanted), batch })
  }
  // Before any weight is copied: the least that a model is for is one run of one input.
  reserve(wantedOf(graph, []), 1)
  return {
    reserve,
    watch: (work) => guard.watch(graph, undefined, work),
    watched: (runs) => guarded(graph, runs, guard),
    release: () => memory.release(),
  }
}

/** The values at a run's ends. */
interface Wanted {
  readonly input: Value
  readonly outputs: readonly Value[]
  readonly taps: readonly (readonly [name: string, value: Value])[]
}

function wantedOf(graph: Graph, taps: readonly string[]): Wanted {
  const value = (id: ValueId | undefined): Value => {
    const found = id === undefined ? undefined : graph.values[id]
    if (!found) throw new Error(`${graph.name} lacks an input or an output`)
    return found
  }
  const tap = (name: string) => [name, value(tapValue(graph, name) ?? unknownTap(graph, name))] as const
  return { input: value(graph.inputs[0]), outputs: graph.outputs.map(value), taps: taps.map(tap) }
}

function unknownTap(graph: Graph, name: string): never {
  if (wasLeftOut(graph, name))
    throw new RangeError(`"${name}" was left out of ${graph.name}: nothing uses what it computes`)
  const near = nearest(name, tapNames(graph))
  throw new RangeError(
    `${graph.name} has no part or path "${name}"${near ? `; did you mean "${near}"?` : ''}`,
  )
}

/** Outputs, then taps. */
const valuesOf = ({ outputs, taps }: Wanted): Value[] => [...outputs, ...taps.map(([, value]) => value)]

const idsOf = (wanted: Wanted): ReadonlySet<ValueId> => new Set(valuesOf(wanted).map(({ id }) => id))

function refuseWrongSize({ type }: Value, input: Float32Array, batch: number): void {
  const expected = batch * elements(type)
  if (!Number.isInteger(batch) || batch < 1) throw new RangeError(`a batch of ${batch} inputs`)
  if (input.length !== expected)
    throw new RangeError(
      `${batch} inputs of ${type.shape.join(' x ')} are ${expected} numbers, got ${input.length}`,
    )
}

function upload({ type }: Value, input: Float32Array, batch: number): Tensor {
  return tidy(() => toDevice(tensor(input), type.shape, batch))
}

/** The results in logical order, on the device: outputs, then taps. The caller disposes them. */
const resultsOf = (wanted: Wanted, live: Live): Tensor[] =>
  valuesOf(wanted).map(({ id, type }) => tidy(() => toLogical(held(live, id), type.shape)))

async function download(wanted: Wanted, results: readonly Tensor[], batch: number): Promise<Prediction> {
  try {
    const data = await Promise.all(results.map((result) => result.data<'float32'>()))
    const values = valuesOf(wanted).map(({ type }, i): HostTensor => {
      const found = data[i]
      if (!found) throw new Error('a result that was not fetched')
      return { data: found, shape: [batch, ...type.shape] }
    })
    const outputs = values.slice(0, wanted.outputs.length)
    const [logits] = outputs
    if (!logits) throw new Error('a prediction without a result')
    const tapped = values.slice(outputs.length)
    const named = wanted.taps.flatMap(([name], i): [string, HostTensor][] => {
      const value = tapped[i]
      return value ? [[name, value]] : []
    })
    return { logits, outputs, taps: new Map(named) }
  } finally {
    for (const result of results) result.dispose()
  }
}
